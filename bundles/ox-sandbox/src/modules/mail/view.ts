import { mailColumns, mailSource } from '../../columns/mail';
import { objectSql } from '../../columns/select';
import { Json } from '../../envelope/envelope';
import { decodeText, htmlToText, textToHtml } from '../../mail/content';
import { type ParsedMessage, type Part, isAttachment, leaves } from '../../mail/message';
import type { Call } from '../call';
import type { FoundMail } from './access';

/** How texts are shown. OX HTTP API, "Get a mail", `view`. */
type View = 'raw' | 'text' | 'html';

/** Reads bytes of the source. */
type Read = (start: number, end: number) => Buffer;

/** Columns that only lists have: counters of the folder, sort keys, and what `get` names otherwise. */
const listOnly = new Set([309, 310, 311, 312, 615, 650, 651, 657, 658, 659, 660, 661, 663]);

const getColumns = mailColumns.columns.filter(({ id = 0 }) => !listOnly.has(id));

/** A mail with its texts and the list of its parts. OX HTTP API, "Detailed mail data", "Attachment". */
export function mailData(call: Call, { mail }: FoundMail): Json {
  const { db, mails } = call.context;
  const sql = `SELECT ${objectSql(getColumns, call.viewer)} AS fields, m.headers AS headers, t.keywords AS keywords
    FROM ${mailSource} WHERE t.folder = ? AND t.uid = ?`;
  const row = db.row<{ fields: string; headers: string; keywords: string | null }>(sql, mail.folder, mail.uid);
  const root = mails.messages.structure(mail.message);
  const read: Read = (start, end) => mails.messages.read(mail.message, start, end);
  const more = {
    user: JSON.parse(row?.keywords ?? '[]') as string[],
    ...bodies(root, viewOf(call), read, call.int('max_size') ?? 0),
    ...(call.flag('attach_src') ? { source: read(0, mails.messages.size(mail.message)).toString('latin1') } : {}),
  };
  const fields = row?.fields ?? '{}';
  return new Json(`${fields.slice(0, -1)},"headers":${row?.headers ?? '{}'},${JSON.stringify(more).slice(1)}`);
}

export function viewOf(call: Call): View {
  const view = call.text('view') ?? 'html';
  if (view === 'raw' || view === 'document') return 'raw';
  return view.startsWith('text') ? 'text' : 'html';
}

interface ShownPart {
  id: string;
  content_type: string;
  size: number;
  disp: string;
  content?: string;
  filename?: string;
  cid?: string;
}

/** The texts to read first, then the files, then the messages inside. */
export function bodies(
  root: Part,
  view: View,
  read: Read,
  maxSize: number,
): { attachments: ShownPart[]; nested_msgs: unknown[]; truncated?: boolean } {
  const texts = bodyParts(root, view);
  const shown = new Set(texts);
  const show = (part: Part, index: number): ShownPart => {
    const text = readable(part, view, read(part.start, part.end));
    return {
      ...describe(part, view === 'text' ? 'text/plain' : part.type),
      content: maxSize > 0 ? text.slice(0, maxSize) : text,
      disp: index > 0 && view === 'raw' ? 'alternative' : 'inline',
    };
  };
  const files = [...leaves(root)].filter((part) => !shown.has(part) && !isText(part));
  const contents = texts.map(show);
  return {
    attachments: [...contents, ...files.map((part) => describe(part, part.type))],
    nested_msgs: files.flatMap((part) => (part.message ? [nested(part, part.message, view, read)] : [])),
    ...(maxSize > 0 && contents.some(({ content = '' }) => content.length === maxSize) ? { truncated: true } : {}),
  };
}

/** Of alternatives the one that fits the view, all of them when raw; of anything else every text. */
function bodyParts(part: Part, view: View): Part[] {
  if (!part.parts) return isText(part) ? [part] : [];
  const below = part.parts.map((child) => bodyParts(child, view));
  if (part.type !== 'multipart/alternative' || view === 'raw') return below.flat();
  const wanted = view === 'text' ? 'text/plain' : 'text/html';
  return (
    below.find((texts) => texts.some(({ type }) => type === wanted)) ??
    below.findLast((texts) => texts.length > 0) ??
    []
  );
}

function isText(part: Part): boolean {
  return (part.type === 'text/plain' || part.type === 'text/html') && !isAttachment(part);
}

function readable(part: Part, view: View, body: Buffer): string {
  const text = decodeText(part, body);
  if (view === 'raw') return text;
  if (part.type === 'text/html') return view === 'text' ? htmlToText(text) : text;
  return view === 'text' ? text : textToHtml(text);
}

function describe(part: Part, type: string): ShownPart {
  return {
    id: part.id,
    content_type: type,
    size: part.size,
    disp: part.disposition ?? (isAttachment(part) ? 'attachment' : 'inline'),
    ...(part.filename === undefined ? {} : { filename: part.filename }),
    ...(part.cid === undefined ? {} : { cid: `<${part.cid}>` }),
  };
}

function nested(part: Part, message: ParsedMessage, view: View, read: Read): unknown {
  const inner: Read = (start, end) => read(start + part.start, end + part.start);
  const { attachments, nested_msgs } = bodies(message.root, view, inner, 0);
  return {
    ...{ id: part.id, from: message.from, to: message.to, cc: message.cc, bcc: message.bcc },
    ...{ subject: message.subject ?? '', sent_date: message.sentDate ?? undefined, size: part.size },
    ...{ attachment: message.attachment, priority: message.priority, headers: message.headers },
    attachments: attachments.map((attachment) => ({ ...attachment, id: `${part.id}.${attachment.id}` })),
    nested_msgs,
  };
}
