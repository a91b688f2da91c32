/** A message with the flags that the mailbox file notes for it. */
export interface BoxedMessage {
  readonly source: Buffer;
  readonly seen: boolean;
  readonly answered: boolean;
  readonly flagged: boolean;
}

const separator = Buffer.from('\nFrom ');

/** True for a file that begins as a mailbox in mbox format does. RFC 4155, "The mbox Database Format". */
export function isMbox(data: Buffer): boolean {
  return data.subarray(0, 5).toString('latin1') === 'From ';
}

/** Cuts a mailbox file into its messages; lines quoted with `>From ` are restored. */
export function* splitMbox(data: Buffer): Generator<BoxedMessage> {
  for (let start = 0; start < data.length;) {
    const next = data.indexOf(separator, start + 5);
    const end = next < 0 ? data.length : next + 1;
    const body = data.indexOf('\n', start) + 1;
    const source = unquote(data.subarray(body, end));
    const status = /^(?:X-)?Status: ?(\w*)/gim;
    const letters = [...source.subarray(0, headerLength(source)).toString('latin1').matchAll(status)]
      .map(([, text]) => text)
      .join('');
    yield { source, seen: letters.includes('R'), answered: letters.includes('A'), flagged: letters.includes('F') };
    start = end;
  }
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
