import { type SplitterChunk, Splitter } from '@zone-eu/mailsplit';
import { isOxtenderError } from '@oxtender/bundle-api';
import { OxError, oxError } from '../envelope/ox-error';
import { decodeText, decodedSize, htmlToText } from './content';
import { firstHeader, headerRecord, readAddresses, readDate, readHeaderLines, readIds } from './headers';
import { type ParsedMessage, type Part, isAttachment, leaves } from './message';

/** Messages inside messages that are looked into; deeper ones stay closed attachments. */
const maxNesting = 5;

/** Bytes of a body, and characters of its text, that are searched. */
const maxText = 16_384;

type MimeNode = Extract<SplitterChunk, { type: 'node' }>;

/** An entity while its body still grows. */
interface OpenPart {
  node: MimeNode;
  start: number;
  end: number;
  children: OpenPart[];
}

/**
 * Finds out all about a message: addresses, texts, and where each part lies.
 *
 * @throws OxError MSG-0059
 */
export async function parseMessage(source: Buffer, nesting = 0): Promise<ParsedMessage> {
  const open = await split(source).catch((cause: unknown) => {
    throw isOxtenderError(cause) ? cause : new OxError('MSG-0059', { params: [String(cause)], cause });
  });
  const lines = readHeaderLines(source.subarray(0, open.start));
  const root = await closePart(open, source, nesting);
  const references = readIds(firstHeader(lines, 'references')).concat(readIds(firstHeader(lines, 'in-reply-to')));
  const messageId = readIds(firstHeader(lines, 'message-id'))[0] ?? null;
  const headers = headerRecord(lines);
  return {
    from: readAddresses(lines, 'from'),
    to: readAddresses(lines, 'to'),
    cc: readAddresses(lines, 'cc'),
    bcc: readAddresses(lines, 'bcc'),
    subject: single(headers['subject']),
    sentDate: readDate(firstHeader(lines, 'date')),
    priority: readPriority(lines),
    contentType: root.type,
    attachment: [...leaves(root)].some(isAttachment),
    dispositionTo: readAddresses(lines, 'disposition-notification-to')[0]?.[1] ?? null,
    messageId,
    thread: references[0] ?? messageId,
    text: textOf(root, source),
    headerSize: open.start,
    root,
    headers,
  };
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function readPriority(lines: ReturnType<typeof readHeaderLines>): number {
  const number = Number.parseInt(firstHeader(lines, 'x-priority') ?? '', 10);
  if (number >= 1 && number <= 5) return number;
  const importance = firstHeader(lines, 'importance')?.toLowerCase();
  return importance === 'high' ? 1 : importance === 'low' ? 5 : 3;
}

/** Runs the splitter over the source and notes where each entity's body begins and ends. */
async function split(source: Buffer): Promise<OpenPart> {
  const parts = new Map<MimeNode, OpenPart>();
  let current: OpenPart | undefined;
  let offset = 0;
  const splitter = new Splitter({ ignoreEmbedded: true });
  splitter.end(source);
  for await (const chunk of splitter as AsyncIterable<SplitterChunk>) {
    if (chunk.type === 'node') {
      const node = chunk;
      offset += node._headerlen;
      current = { node, start: offset, end: offset, children: [] };
      parts.set(node, current);
      if (node.parentNode) parts.get(node.parentNode)?.children.push(current);
    } else {
      const { value, type } = chunk;
      offset += value.length;
      if (type === 'body' && current) current.end = offset;
    }
  }
  const root = parts.values().next().value;
  if (!root) throw oxError('MSG-0059', 'the message is empty');
  return root;
}

async function closePart(open: OpenPart, source: Buffer, nesting: number): Promise<Part> {
  const { node } = open;
  const base = describe(node);
  if (node.multipart && open.children.length > 0) {
    const parts: Part[] = [];
    for (const child of open.children) parts.push(await closePart(child, source, nesting));
    const end = parts.at(-1)?.end ?? open.end;
    return { ...base, start: open.start, end, size: end - open.start, parts };
  }
  const size = decodedSize(base.encoding, source.subarray(open.start, open.end));
  const leaf: Part = { ...base, start: open.start, end: open.end, size };
  const isMessage = base.type === 'message/rfc822' && nesting < maxNesting && open.end > open.start;
  if (!isMessage || base.encoding === 'base64' || base.encoding === 'quoted-printable') return leaf;
  return { ...leaf, message: await parseMessage(source.subarray(open.start, open.end), nesting + 1) };
}

function describe(node: MimeNode): Omit<Part, 'start' | 'end' | 'size'> {
  const numbers = (node.partNr || []).filter((number) => typeof number === 'number');
  const headers = node.headers || undefined;
  const cid = headers ? readIds(headers.getFirst('content-id'))[0] : undefined;
  const method = /;\s*method="?(\w+)/i.exec(headers ? headers.getFirst('content-type') : '')?.[1];
  return {
    id: numbers.length > 0 ? numbers.join('.') : node.multipart ? '' : '1',
    type: node.contentType || 'text/plain',
    ...(node.charset ? { charset: node.charset } : {}),
    ...(node.encoding ? { encoding: node.encoding } : {}),
    ...(node.filename ? { filename: node.filename } : {}),
    ...(node.disposition ? { disposition: node.disposition } : {}),
    ...(cid === undefined ? {} : { cid }),
    ...(node.flowed ? { flowed: true } : {}),
    ...(node.delSp ? { delSp: true } : {}),
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
  };
}

function textOf(root: Part, source: Buffer): string | null {
  const texts = [...leaves(root)].filter((part) => part.type.startsWith('text/') && !isAttachment(part));
  const part = texts.find(({ type }) => type === 'text/plain') ?? texts.find(({ type }) => type === 'text/html');
  if (!part) return null;
  const text = decodeText(part, source.subarray(part.start, Math.min(part.end, part.start + maxText)));
  return (part.type === 'text/html' ? htmlToText(text) : text).replace(/\s+/g, ' ').trim().slice(0, maxText);
}
