import type { ServerResponse } from 'node:http';
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

type Headers = Readonly<Record<string, string>>;

/** What a request is answered: complete before its first byte is sent. */
export interface Reply {
  status: number;
  readonly headers: Record<string, string | number>;
  readonly body: Buffer | Readable | undefined;
}

/** Compressed if the device takes that and it is worth it, with its length where that is known. */
export async function replyOf(answer: Answer, context: Context, headers: Headers = {}): Promise<Reply> {
  const common = { 'Cache-Control': 'private', ...headers };
  if (answer === undefined) return { status: 200, headers: { ...common, 'Content-Length': 0 }, body: undefined };
  const content = answer instanceof Element ? encodeLarge(answer) : answer.body;
  const compressed = content.length >= smallestCompressed && context.acceptsEncodings('gzip', 'identity') === 'gzip';
  const body = await bodyOf(content, compressed);
  const length = body instanceof Readable ? content.length : body.length;
  return {
    status: 200,
    headers: {
      ...common,
      ...(compressed && { 'Content-Encoding': 'gzip' }),
      'Content-Type': answer instanceof Element ? documentType : answer.contentType,
      ...(!(compressed && body instanceof Readable) && { 'Content-Length': length }),
    },
    body,
  };
}

/** Sends it, unless the host has answered in its place. */
export function send({ status, headers, body }: Reply, response: ServerResponse): void {
  if (response.headersSent) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  response.writeHead(status, headers);
  // A reader that fails ends the connection: the device sees that the answer is not whole.
  if (body instanceof Readable) pipeline(body, response, () => undefined);
  else response.end(body);
}

/** What is not in memory is read as it is sent. */
async function bodyOf(content: Bytes, compressed: boolean): Promise<Buffer | Readable> {
  if (content instanceof MemoryBytes) {
    const bytes = content.read();
    return compressed ? compress(bytes, speed) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const source = Readable.from(content.stream(), { objectMode: false });
  return compressed ? pipeline(source, createGzip(speed), () => undefined) : source;
}
