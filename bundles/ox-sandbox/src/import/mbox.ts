/** A message with the flags that the mailbox file notes for it. */
export interface BoxedMessage {
  readonly source: Buffer;
  readonly seen: boolean;
  readonly answered: boolean;
  readonly flagged: boolean;
}

/** True for a file that begins as a mailbox in mbox format does. RFC 4155, "The mbox Database Format". */
export function isMbox(data: Buffer): boolean {
  return data.subarray(0, 5).toString('latin1') === 'From ';
}

/**
 * Cuts a mailbox file into its messages; lines quoted with `>From ` are restored. Where a message tells its length
 * (mboxcl), it is heeded if another message or the end follows; else a message ends before a line that has a time, as
 * separators have and sentences that begin with "From" have not.
 */
export function* splitMbox(data: Buffer): Generator<BoxedMessage> {
  for (let start = 0; start < data.length;) {
    const body = data.indexOf('\n', start) + 1;
    if (body === 0) return;
    const end = toldEnd(data, body) ?? nextSeparator(data, body);
    const source = unquote(data.subarray(body, end));
    const status = /^(?:X-)?Status: ?(\w*)/gim;
    const letters = [...source.subarray(0, headerLength(source)).toString('latin1').matchAll(status)]
      .map(([, text]) => text)
      .join('');
    yield { source, seen: letters.includes('R'), answered: letters.includes('A'), flagged: letters.includes('F') };
    start = end;
  }
}

/** `From somebody Sun Dec 25 21:33:37 2011` */
const separator = /^From \S.*\d{1,2}:\d{2}/;

function nextSeparator(data: Buffer, from: number): number {
  for (let at = data.indexOf('\nFrom ', from - 1); at >= 0; at = data.indexOf('\nFrom ', at + 1))
    if (
      separator.test(
        data
          .subarray(at + 1, at + 200)
          .toString('latin1')
          .split('\n', 1)[0] ?? '',
      )
    )
      return at + 1;
  return data.length;
}

/** Where the message ends by its own Content-Length; undefined when that can not be. */
function toldEnd(data: Buffer, start: number): number | undefined {
  const header = headerLength(data.subarray(start));
  const told = /^Content-Length: *(\d+)/im.exec(data.subarray(start, start + header).toString('latin1'))?.[1];
  if (told === undefined) return undefined;
  const blank = data[start + header] === 0x0d ? 4 : 2;
  const end = start + header + blank + Number(told);
  const rest = /^[\r\n]*/.exec(data.subarray(end, end + 10).toString('latin1'))?.[0].length ?? 0;
  const next = end + rest;
  if (end > data.length) return undefined;
  return next === data.length || data.subarray(next, next + 5).toString('latin1') === 'From ' ? next : undefined;
}

function unquote(message: Buffer): Buffer {
  const text = message.toString('latin1');
  if (!/^>+From /m.test(text)) return message;
  return Buffer.from(text.replace(/^>(>*From )/gm, '$1'), 'latin1');
}

function headerLength(source: Buffer): number {
  const end = source.indexOf('\n\n');
  const crlf = source.indexOf('\r\n\r\n');
  const ends = [end, crlf].filter((position) => position >= 0);
  return ends.length === 0 ? source.length : Math.min(...ends);
}
