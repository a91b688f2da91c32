import type { Body } from '@oxtender/bundle-api';
import { type TableField, field } from '../protocol/field-table';
import { AirSyncBase, type Element, type Tag, element } from '../wbxml';
import { textOfCompressedRtf } from '../values/compressed-rtf';
import { preview } from '../values/html';
import { truncateUtf8, utf8Size } from '../values/utf8';
import { BodyType, inFormat, nativeBodyType, selectBody, type SelectedBody } from './body-selection';
import type { BodyPreference, ItemContext } from './item-context';

/** Bytes for each value of Truncation. [MS-ASCMD] "Truncation"; 9: all. */
export const truncationSizes = [0, 512, 1024, 2048, 5120, 10_240, 20_480, 51_200, 102_400, Infinity] as const;

/** What a device gets that asked for no form: the text, whole. */
const noPreference: readonly BodyPreference[] = [{ type: BodyType.PlainText }];

interface WithBody {
  readonly body?: Body;
}

/** Tags of the body elements of version 2.5, which each class has on its own page. */
export interface BodyTags {
  readonly body: Tag;
  readonly size?: Tag;
  readonly truncated: Tag;
  readonly compressedRtf?: Tag;
}

/** The text of contacts, appointments, tasks and notes: an element that is left out clears nothing. [MS-ASAIRS] "Body". */
export function bodyFields<T extends WithBody>(legacy?: BodyTags): TableField<T, ItemContext>[] {
  return [...(legacy === undefined ? [] : legacyBodyFields<T>(legacy)), bodyField<T>()];
}

/** AirSyncBase:Body, from 12.0. */
function bodyField<T extends WithBody>(): TableField<T, ItemContext> {
  return field<T, ItemContext>({
    tag: AirSyncBase.Body,
    since: '12.0',
    keys: ['body'],
    missing: 'keep',
    write: ({ body }, context) => (body === undefined ? undefined : writeItemBody([body], context)),
    read: (read) => ({ body: readBody(read) }) as Partial<T>,
  });
}

/** AirSyncBase:NativeBodyType. */
export function nativeBodyTypeField<T extends WithBody>(): TableField<T, ItemContext> {
  return field<T, ItemContext>({
    tag: AirSyncBase.NativeBodyType,
    since: '12.0',
    keys: [],
    write: ({ body }) =>
      body === undefined || body.content === ''
        ? undefined
        : element(AirSyncBase.NativeBodyType, nativeBodyType([body])),
  });
}

/** The Body element for an item that is no mail. */
export function writeItemBody(bodies: readonly Body[], { options, truncate }: ItemContext): Element | undefined {
  const preferences = options.bodyPreferences.some(({ type }) => type !== BodyType.Mime)
    ? options.bodyPreferences
    : noPreference;
  const selected = selectBody(bodies, preferences, { truncate });
  return selected === undefined ? undefined : writeBody(selected, bodies);
}

/** A Body element; an empty one makes devices crash, so there is none for an empty text. */
export function writeBody(selected: SelectedBody, bodies: readonly Body[]): Element | undefined {
  const { type, data, size, truncated } = selected;
  if (size === 0) return undefined;
  const [source] = bodies;
  const words = selected.preview === undefined || source === undefined ? '' : preview(source, selected.preview);
  return element(
    AirSyncBase.Body,
    element(AirSyncBase.Type, type),
    element(AirSyncBase.EstimatedDataSize, size),
    // Left out when the body is whole: Windows Phone 8 does not take a 0.
    truncated ? element(AirSyncBase.Truncated, 1) : undefined,
    data.length === 0 ? undefined : element(AirSyncBase.Data, data),
    words === '' ? undefined : element(AirSyncBase.Preview, words),
  );
}

/** What a device wrote; null when it emptied the body; undefined when the form is one that cannot be read. */
export function readBody(read: Element): Body | null | undefined {
  const content = read.child(AirSyncBase.Data)?.text ?? '';
  const type = Number(read.child(AirSyncBase.Type)?.text ?? BodyType.PlainText);
  if (content === '') return null;
  if (type === BodyType.Mime) return undefined;
  if (type !== BodyType.Rtf) return { format: type === BodyType.Html ? 'html' : 'text', content };
  const text = textOfCompressedRtf(content);
  return text === undefined ? undefined : { format: 'text', content: text };
}

/** Body, BodySize, BodyTruncated and CompressedRTF of version 2.5: plain text, cut at a number of characters' bytes. */
function legacyBodyFields<T extends WithBody>(tags: BodyTags): TableField<T, ItemContext>[] {
  const limitOf = ({ options, truncate }: ItemContext): number =>
    truncate === false ? Infinity : (truncationSizes[options.truncation ?? 9] ?? Infinity);
  const textOf = (body: Body | undefined): string =>
    body === undefined ? '' : (inFormat([body], 'text')?.content ?? '');
  const cut = (text: string, context: ItemContext): string => truncateUtf8(text, limitOf(context));
  const legacy = (tag: Tag, rest: Pick<TableField<T, ItemContext>, 'write' | 'read'>): TableField<T, ItemContext> =>
    field<T, ItemContext>({ tag, until: '2.5', keys: ['body'], missing: 'keep', ...rest });

  const fields = [
    legacy(tags.body, {
      write({ body }, context) {
        const text = cut(textOf(body), context);
        return text === '' ? undefined : element(tags.body, text);
      },
      read: (read) => ({ body: read.text === '' ? null : { format: 'text', content: read.text } }) as Partial<T>,
    }),
    legacy(tags.truncated, {
      write({ body }, context) {
        const text = textOf(body);
        return text === '' ? undefined : element(tags.truncated, cut(text, context).length < text.length ? 1 : 0);
      },
    }),
  ];
  const { size, compressedRtf } = tags;
  if (size !== undefined) {
    const write = ({ body }: T) => (textOf(body) === '' ? undefined : element(size, utf8Size(textOf(body))));
    fields.splice(1, 0, legacy(size, { write }));
  }
  if (compressedRtf !== undefined) fields.push(legacy(compressedRtf, { read: readCompressedRtf }));
  return fields;
}

function readCompressedRtf<T extends WithBody>(read: Element): Partial<T> | undefined {
  const content = textOfCompressedRtf(read.text);
  return content === undefined ? undefined : ({ body: { format: 'text', content } } as Partial<T>);
}

/**
 * The body that a device changed. What it got in another form or cut, and sends back as it got it, stays; what it got cut
 * and changed keeps its rest.
 */
export function mergeBody(
  current: Body | undefined,
  sent: Body | null,
  received: Body | null,
): Body | null | undefined {
  if (received === null || sent === null || current === undefined || sent.format !== received.format) return received;
  if (sameText(sent.content, received.content)) return undefined;
  const full = inFormat([current], sent.format)?.content ?? '';
  const rest = full.startsWith(sent.content) ? full.slice(sent.content.length) : '';
  const hasRest = rest === '' || comparable(received.content).endsWith(comparable(rest).slice(-40));
  return hasRest ? received : { format: received.format, content: received.content + rest };
}

function sameText(left: string, right: string): boolean {
  return comparable(left) === comparable(right);
}

/** Devices change the ends of lines and of the text. */
function comparable(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}
