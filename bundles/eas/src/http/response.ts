import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { Context } from 'koa';
import type { Answer } from '../protocol/command';
import { type Bytes, Element, encodeLarge, MemoryBytes } from '../wbxml';

/** Media type of a document. [MS-ASHTTP] "Content-Type". */
const documentType = 'application/vnd.ms-sync.wbxml';

/** Below this many bytes a packet is not saved. */
const smallestCompressed = 1400;

const speed = { level: constants.Z_BEST_SPEED };
const compress = promisify(gzip);

/** Writes an answer: compressed if the device takes that and it is worth it, always with its length. */
export async function respond(
  context: Context,
  answer: Answer,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  context.status = 200;
  context.set('Cache-Control', 'private');
  context.set(headers);
  if (answer === undefined) respondEmpty(context);
  else if (answer instanceof Element) await respondBytes(context, documentType, encodeLarge(answer));
  else await respondBytes(context, answer.contentType, answer.body);
}

/** Sends what {@link respond} has prepared, where koa no longer does: its middleware is over. */
export function send({ res, body }: Context): void {
  if (body instanceof Readable) pipeline(body, res, () => undefined);
  else res.end(body);
}

/** No body, hence no type. */
function respondEmpty(context: Context): void {
  // A text goes out in one piece with the head.
  context.body = '';
  context.remove('Content-Type');
}

async function respondBytes(context: Context, contentType: string, content: Bytes): Promise<void> {
  const compressed = content.length >= smallestCompressed && context.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (compressed) context.set('Content-Encoding', 'gzip');
  context.set('Content-Type', contentType);
  if (!(content instanceof MemoryBytes)) {
    stream(context, content, compressed);
    return;
  }
  const bytes = content.read();
  context.body = compressed ? await compress(bytes, speed) : asBuffer(bytes);
}

/** What is not in memory is sent as it is read. */
function stream(context: Context, content: Bytes, compressed: boolean): void {
  const source = Readable.from(content.stream(), { objectMode: false });
  // A reader that fails ends the connection: the device sees that the answer is not whole.
  context.body = compressed ? pipeline(source, createGzip(speed), () => undefined) : source;
  if (!compressed) context.length = content.length;
}

/** koa takes only buffers for bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
