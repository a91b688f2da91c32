import { addressParser } from 'postal-mime';
import { type ByteStream, GroupwareError } from '@oxtender/bundle-api';

/** A header longer than this is none. */
const longestHeader = 1_048_576;

/**
 * Lets a message pass and changes its header on the way; the body is never held.
 *
 * @param change - gets the header block without the empty line that ends it, as latin1: bytes stay bytes
 * @throws GroupwareError INVALID when no end of the header is found
 */
export async function* withHeader(source: ByteStream, change: (header: string) => string): AsyncGenerator<Uint8Array> {
  let held: Buffer | undefined = Buffer.alloc(0);
  for await (const part of source) {
    if (held === undefined) {
      yield part;
      continue;
    }
    held = Buffer.concat([held, part]);
    const end = endOfHeader(held);
    if (end === undefined) {
      if (held.length > longestHeader) throw new GroupwareError('INVALID', 'a message whose header does not end');
      continue;
    }
    yield Buffer.from(change(held.toString('latin1', 0, end)), 'latin1');
    yield held.subarray(end);
    held = undefined;
  }
  // A message without a body: all of it is header.
  if (held !== undefined) yield Buffer.from(change(held.toString('latin1')), 'latin1');
}

/** Makes an address of the user's the sender, keeping the name: OX refuses others. */
export function fromOneOf(own: readonly string[], fallback: string): (header: string) => string {
  const isOwn = new Set(own.map((address) => address.toLowerCase()));
  return (header) => {
    const field = /^from:((?:.*)(?:\r?\n[ \t].*)*)/im.exec(header);
    if (!field) return `From: ${fallback}\r\n${header}`;
    const [sender] = addressParser(field[1] ?? '', { flatten: true });
    const address = sender?.address ?? '';
    if (isOwn.has(address.toLowerCase())) return header;
    const value = field[1] ?? '';
    const named = address !== '' && value.includes(`<${address}>`);
    const rewritten = named ? value.replace(`<${address}>`, `<${fallback}>`) : ` ${fallback}`;
    return header.replace(field[0], () => `From:${rewritten}`);
  };
}

/** Adds a Message-ID where there is none. */
export function withMessageId(messageId: string): (header: string) => string {
  return (header) => (/^message-id:/im.test(header) ? header : `Message-ID: ${messageId}\r\n${header}`);
}

/** Where the header ends, at the line break before the empty line. */
function endOfHeader(bytes: Buffer): number | undefined {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf < 0 && lf < 0) return undefined;
  if (crlf < 0) return lf;
  return lf < 0 ? crlf : Math.min(crlf, lf);
}

/** Bytes that are there as a stream. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
