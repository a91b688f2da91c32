import { isUtf8 } from 'node:buffer';
import type { Body, Message } from '@oxtender/bundle-api';
import { type TableField, field } from '../../protocol/field-table';
import { cutCharacter, truncateUtf8, utf8Size } from '../../values/utf8';
import { AirSyncBase, Email, type Element, element } from '../../wbxml';
import { truncationSizes, writeBody } from '../body';
import { BodyType, type SelectedBody, inFormat, nativeBodyType, selectBody } from '../body-selection';
import type { ItemContext } from '../item-context';
import { texts } from '../texts';
import type { LargeSource } from './large-source';
import { withoutQuotedMail } from './quoted-mail';
import { sourceLimit, takesMime } from './source-limits';

type MailField = TableField<Message, ItemContext>;

/** Text, HTML or the whole source, as the device wants it. A device that wants none gets none. [MS-ASAIRS] "Body". */
export const bodyField: MailField = field<Message, ItemContext>({
  tag: AirSyncBase.Body,
  since: '12.0',
  keys: [],
  write(message, context) {
    const { bodies = [] } = message;
    const selected = mimeBody(message, context) ?? selectBody(bodies, context.options.bodyPreferences, context);
    return selected === undefined ? undefined : writeBody(selected, bodies);
  },
});

/** What of a mail is new in its conversation, in HTML. [MS-ASAIRS] "BodyPart". */
export const bodyPartField: MailField = field<Message, ItemContext>({
  tag: AirSyncBase.BodyPart,
  since: '14.1',
  keys: [],
  write({ bodies = [] }, context) {
    const preference = context.options.bodyPartPreferences.find(({ type }) => type === BodyType.Html);
    const html = preference && inFormat(bodies, 'html');
    if (preference === undefined || html === undefined) return undefined;
    const own: Body = { ...html, content: withoutQuotedMail(html.content) };
    const selected = selectBody([own], [preference], context);
    const body = selected && writeBody(selected, [own]);
    return body && element(AirSyncBase.BodyPart, element(AirSyncBase.Status, 1), body.children);
  },
});

/** [MS-ASAIRS] "NativeBodyType". */
export const nativeBodyField: MailField = field<Message, ItemContext>({
  tag: AirSyncBase.NativeBodyType,
  since: '12.0',
  keys: [],
  write: ({ bodies = [] }) =>
    bodies.length === 0 ? undefined : element(AirSyncBase.NativeBodyType, nativeBodyType(bodies)),
});

/** Body and MIMEData of version 2.5. */
export const legacyBodyFields: readonly MailField[] = [
  legacy(Email.MIMEData, (message, context) => {
    const mime = sourceBody(message, context);
    return mime && element(Email.MIMEData, mime.data);
  }),
  legacy(Email.MIMETruncated, (message, context) => {
    const mime = sourceBody(message, context);
    return mime && element(Email.MIMETruncated, mime.truncated ? 1 : 0);
  }),
  legacy(Email.MIMESize, (message, context) => {
    const mime = sourceBody(message, context);
    return mime && element(Email.MIMESize, mime.size);
  }),
  legacy(Email.Body, (message, context) => texts(Email.Body, legacyText(message, context)?.data)),
  legacy(Email.BodySize, (message, context) => {
    const text = legacyText(message, context);
    return text && element(Email.BodySize, text.size);
  }),
  legacy(Email.BodyTruncated, (message, context) => {
    const text = legacyText(message, context);
    return text && element(Email.BodyTruncated, text.truncated ? 1 : 0);
  }),
];

/** The source, if the device takes it for this mail. [MS-ASCMD] "MIMESupport (Sync)". */
function mimeBody(message: Message, context: ItemContext): SelectedBody | undefined {
  const isAsked = context.options.bodyPreferences.some(({ type }) => type === BodyType.Mime);
  return isAsked ? sourceBody(message, context) : undefined;
}

function sourceBody(message: Message, context: ItemContext): SelectedBody | undefined {
  if (!takesMime(message, context) || message.source === undefined) return undefined;
  const large = context.largeSources?.get(context.serverId ?? '');
  return large ? largeMimeOf(message, large) : mimeOf(message, message.source, sourceLimit(context) ?? 0);
}

function largeMimeOf({ size = 0 }: Message, { value, truncated }: LargeSource): SelectedBody {
  const whole = truncated ? Math.max(size, value.length) : value.length;
  return { type: BodyType.Mime, data: value, size: whole, truncated };
}

function mimeOf({ size }: Message, source: Uint8Array, limit: number): SelectedBody {
  const whole = Math.max(size ?? 0, source.length);
  const bytes = source.subarray(0, Math.min(limit, source.length));
  return { type: BodyType.Mime, data: mimeData(bytes), size: whole, truncated: bytes.length < whole };
}

/** Text, as all devices expect it; bytes where text would not bring every byte over: 8-bit mails in other charsets. */
function mimeData(bytes: Uint8Array): string | Uint8Array {
  const complete = bytes.subarray(0, bytes.length - cutCharacter(bytes));
  if (!isUtf8(complete) || complete.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13))
    return bytes;
  return Buffer.from(complete.buffer, complete.byteOffset, complete.length).toString('utf8');
}

interface CutText {
  readonly data: string;
  readonly size: number;
  readonly truncated: boolean;
}

function legacyText(message: Message, context: ItemContext): CutText | undefined {
  const { options, truncate } = context;
  const body = inFormat(message.bodies ?? [], 'text');
  if (body === undefined || body.content === '' || sourceBody(message, context) !== undefined) return undefined;
  const limit = truncate === false ? Infinity : (truncationSizes[options.truncation ?? 9] ?? Infinity);
  const data = truncateUtf8(body.content, limit);
  const size = body.fullSize ?? utf8Size(body.content);
  return { data, size, truncated: data.length < body.content.length || body.fullSize !== undefined };
}

function legacy(
  tag: (typeof Email)['Body'],
  write: (message: Message, context: ItemContext) => Element | undefined,
): MailField {
  return field<Message, ItemContext>({ tag, until: '2.5', keys: [], write });
}
