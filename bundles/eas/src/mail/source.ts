import { Headers } from '@zone-eu/mailsplit';

const pieceSize = 262_144;

/** A message (RFC 5322) in two halves: headers that may be changed, and a body whose bytes stay as they are. */
export interface MailSource {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Splits a message at its first empty line. Line ends may be CRLF or, from careless devices, LF. */
export function splitSource(bytes: Uint8Array): MailSource {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const crlf = source.indexOf('\r\n\r\n');
  const lf = source.indexOf('\n\n');
  const useCrlf = crlf >= 0 && (lf < 0 || crlf < lf);
  const end = useCrlf ? crlf + 4 : lf >= 0 ? lf + 2 : source.length;
  return { headers: new Headers(source.subarray(0, end)), body: source.subarray(end) };
}

/** The whole message again, its body in pieces that a socket likes. */
export async function* streamSource({ headers, body }: MailSource): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(headers.build());
  for (let start = 0; start < body.length; start += pieceSize) yield body.subarray(start, start + pieceSize);
}
