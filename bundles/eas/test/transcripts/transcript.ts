import { decode, encode, printXml, WbxmlError } from '../../src/wbxml';
import { readXml } from '../../src/wbxml/xml-reader';

/**
 * Recorded exchanges as text, for people to read and for git to compare:
 *
 *     What it shows.
 *     Source: where it comes from.
 *     World: name of what stands behind the endpoint.
 *
 *     >>> POST /Microsoft-Server-ActiveSync?Cmd=FolderSync&...
 *     MS-ASProtocolVersion: 16.1
 *
 *     <FolderSync ...>            the document
 *
 *     03016a00 ...                and its bytes
 *
 *     <<< 200
 *     Content-Type: ...
 *
 * and so on. A request needs one of document and bytes; running with UPDATE_GOLDEN=1 writes the rest.
 */
export interface Transcript {
  readonly about: string;
  readonly source: string;
  readonly world: string;
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly request: Message;
  /** Absent where the transcript has only been begun. */
  readonly answer?: Message;
}

/** A request or an answer: its first line without the arrows, headers, and the body in both forms. */
export interface Message {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly xml?: string;
  readonly bytes?: Uint8Array;
}

/** @throws Error when the text is none */
export function parseTranscript(text: string): Transcript {
  const [head = '', ...messages] = text.split(/^(?=>>> |<<< )/m);
  const [about = '', source = '', world = ''] = head.trim().split('\n');
  const exchanges: Exchange[] = [];
  for (const block of messages) {
    const message = parseMessage(block.slice(4));
    const last = exchanges.pop();
    if (block.startsWith('>>> ')) exchanges.push(...(last ? [last] : []), { request: message });
    else if (last && !last.answer) exchanges.push({ ...last, answer: message });
    else throw new Error(`an answer without a request: ${message.line}`);
  }
  return { about, source: valueOf('Source', source), world: valueOf('World', world), exchanges };
}

export function printTranscript({ about, source, world, exchanges }: Transcript): string {
  const blocks = exchanges.flatMap(({ request, answer }) => [
    `>>> ${printMessage(request)}`,
    ...(answer ? [`<<< ${printMessage(answer)}`] : []),
  ]);
  return `${about}\nSource: ${source}\nWorld: ${world}\n\n${blocks.join('\n')}`;
}

/** The message with its body in both forms, made of whichever it has. Bytes that are no document stay bytes. */
export function complete(message: Message): Message {
  const { line, headers, xml } = message;
  const bytes = message.bytes ?? (xml === undefined ? undefined : encode(readXml(xml)));
  const readable = bytes && readableXml(bytes);
  return { line, headers, ...(readable === undefined ? {} : { xml: readable }), ...(bytes ? { bytes } : {}) };
}

function parseMessage(block: string): Message {
  const { head = '', xml, hex } = /^(?<head>.*?)(?:\n\n(?<xml><.*>))?(?:\n\n(?<hex>[0-9a-f\n]+))?\s*$/s.exec(block)?.groups ?? {};
  const [line = '', ...headerLines] = head.trim().split('\n');
  const headers = headerLines.map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 2)]);
  return {
    line,
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(xml === undefined ? {} : { xml: `${xml}\n` }),
    ...(hex === undefined ? {} : { bytes: Buffer.from(hex.replaceAll(/\s/g, ''), 'hex') }),
  };
}

function printMessage({ line, headers, xml, bytes }: Message): string {
  const head = [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n');
  const hex = bytes && Buffer.from(bytes).toString('hex').replaceAll(/.{1,96}/g, '$&\n');
  return [head, ...(xml === undefined ? [] : [xml.trimEnd()]), ...(hex ? [hex.trimEnd()] : [])].join('\n\n') + '\n';
}

function readableXml(bytes: Uint8Array): string | undefined {
  try {
    return printXml(decode(bytes));
  } catch (error) {
    if (error instanceof WbxmlError) return undefined;
    throw error;
  }
}

function valueOf(name: string, line: string): string {
  if (!line.startsWith(`${name}: `)) throw new Error(`'${name}:' is missing`);
  return line.slice(name.length + 2);
}
