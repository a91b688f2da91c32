import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import type { Answer } from '../protocol/command';
import { Element, encode } from '../wbxml';

/** Media type of a document. [MS-ASHTTP] "Content-Type". */
const documentType = 'application/vnd.ms-sync.wbxml';

/** Below this many bytes a packet is not saved. */
const smallestCompressed = 1400;

const compress = promisify(gzip);

/** Writes an answer: compressed if the device takes that and it is worth it, always with its length. */
export async function respond(context: Context, answer: Answer): Promise<void> {
  context.status = 200;
  if (answer === undefined) respondEmpty(context);
  else if (answer instanceof Element) await respondBytes(context, documentType, encode(answer));
  else await respondBytes(context, answer.contentType, answer.body);
}

/** No body, hence no type. */
export function respondEmpty(context: Context): void {
  context.body = Buffer.alloc(0);
  context.remove('Content-Type');
}

async function respondBytes(context: Context, contentType: string, bytes: Uint8Array): Promise<void> {
  const compressed = bytes.length >= smallestCompressed && context.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (compressed) context.set('Content-Encoding', 'gzip');
  context.set('Content-Type', contentType);
  context.body = compressed ? await compress(bytes, { level: constants.Z_BEST_SPEED }) : asBuffer(bytes);
}

/** koa takes only buffers for bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
