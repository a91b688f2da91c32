import type { AttachmentInfo, Body } from '@oxtender/bundle-api';

/** An element of `attachments`. OX HTTP API, "Attachment". */
export interface OxMailPart {
  readonly id: string;
  readonly content_type?: string;
  readonly content?: string | null;
  readonly filename?: string | null;
  readonly size?: number | string;
  readonly disp?: string | null;
  readonly cid?: string | null;
}

/** What `get` tells beyond a list. */
export interface OxMail {
  readonly attachments?: readonly OxMailPart[];
  readonly nested_msgs?: readonly {
    readonly id?: string;
    readonly subject?: string;
    readonly size?: number | string;
  }[];
  readonly truncated?: boolean;
}

/** The texts that were asked for. What stands in several parts, as some programs write, is put together. */
export function bodiesOf(mail: OxMail, wanted: readonly Body['format'][], maxSize: number): Body[] {
  return wanted.flatMap((format) => {
    const parts = (mail.attachments ?? []).filter((part) => isText(part) && formatOf(part) === format);
    if (parts.length === 0) return [];
    const content = parts.map((part) => part.content ?? '').join('\n');
    const size = parts.reduce((sum, part) => sum + Number(part.size ?? 0), 0);
    return [cut(format, content, maxSize, mail.truncated === true ? size : 0)];
  });
}

/** Files, and the messages inside. An invitation's text/calendar is none unless it was sent as a file. */
export function attachmentsOf({ attachments = [], nested_msgs: nested = [] }: OxMail): AttachmentInfo[] {
  const files = attachments.filter((part) => !isText(part) && !isInvitation(part)).map(infoOf);
  const known = new Set(files.map(({ id }) => id));
  const messages = nested
    .filter(({ id }) => id !== undefined && !known.has(id))
    .map(({ id = '', subject, size }) => ({
      id,
      fileName: `${subject === undefined || subject === '' ? 'message' : subject}.eml`,
      contentType: 'message/rfc822',
      size: Number(size ?? 0),
      message: true,
    }));
  return [...files, ...messages];
}

/** The first text/calendar part. */
export function calendarPartOf({ attachments = [] }: OxMail): OxMailPart | undefined {
  return attachments.find((part) => typeOf(part) === 'text/calendar');
}

/** Cuts a text to so many bytes of UTF-8, between characters. */
function cut(format: Body['format'], content: string, maxSize: number, knownSize: number): Body {
  // No character takes more than three bytes for each of its UTF-16 units.
  if (content.length * 3 <= maxSize && knownSize === 0) return { format, content };
  const bytes = Buffer.from(content, 'utf8');
  const fullSize = Math.max(bytes.length, knownSize);
  if (bytes.length <= maxSize) return fullSize > bytes.length ? { format, content, fullSize } : { format, content };
  let end = maxSize;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { format, content: bytes.toString('utf8', 0, end), fullSize };
}

function isText(part: OxMailPart): boolean {
  return (
    formatOf(part) !== undefined && typeof part.content === 'string' && part.disp !== 'attachment' && !part.filename
  );
}

function isInvitation(part: OxMailPart): boolean {
  return typeOf(part) === 'text/calendar' && part.disp !== 'attachment';
}

function formatOf(part: OxMailPart): Body['format'] | undefined {
  const type = typeOf(part);
  if (type === 'text/plain') return 'text';
  return type === 'text/html' ? 'html' : undefined;
}

function typeOf({ content_type: type = 'application/octet-stream' }: OxMailPart): string {
  return (type.split(';', 1)[0] ?? type).trim().toLowerCase();
}

function infoOf(part: OxMailPart): AttachmentInfo {
  const { id, filename, size, disp, cid } = part;
  const contentType = typeOf(part);
  return {
    id,
    fileName: filename ?? `part-${id}`,
    contentType,
    size: Number(size ?? 0),
    ...(typeof cid === 'string' && { contentId: cid.replace(/^<(.*)>$/, '$1') }),
    ...(disp === 'inline' && { inline: true }),
    ...(contentType === 'message/rfc822' && { message: true }),
  };
}
