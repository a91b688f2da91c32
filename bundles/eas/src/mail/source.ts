import { Headers } from '@zone-eu/mailsplit';
import { MemoryBytes, type StoredBytes } from '../wbxml';

/** Where the empty line after a header is looked for. */
const longestHeader = 1_048_576;

/** A message (RFC 5322) in two halves: headers that may be changed, and a body whose bytes stay as they are. */
export interface MailSource {
  readonly headers: Headers;
  readonly body: StoredBytes;
}

/** Splits a message at its first empty line. Line ends may be CRLF or, from careless devices, LF. */
export function splitSource(message: StoredBytes | Uint8Array): MailSource {
  const source = message instanceof Uint8Array ? new MemoryBytes(message) : message;
  const bytes = source.slice(0, longestHeader).read();
  const begin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const crlf = begin.indexOf('\r\n\r\n');
  const lf = begin.indexOf('\n\n');
  const useCrlf = crlf >= 0 && (lf < 0 || crlf < lf);
  const end = useCrlf ? crlf + 4 : lf >= 0 ? lf + 2 : begin.length;
  return { headers: new Headers(begin.subarray(0, end)), body: source.slice(end) };
}

/** The whole message again. */
export async function* streamSource({ headers, body }: MailSource): AsyncGenerator<Uint8Array> {
  yield headers.build();
  yield* body.stream();
}
