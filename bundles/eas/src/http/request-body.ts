import type { IncomingMessage } from 'node:http';
import { type Contents, heldInMemory } from '../content/contents';
import { MemoryBytes, type StoredBytes } from '../wbxml';
import { BadRequest } from './bad-request';

/**
 * Takes a request's body: into memory, or where large contents are kept.
 *
 * @param limit - bytes
 * @throws BadRequest BODY_TOO_LARGE, BODY_INCOMPLETE
 * @throws ContentError
 */
export async function receiveBody(
  request: IncomingMessage,
  limit: number,
  contents: () => Contents,
): Promise<StoredBytes> {
  const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers;
  const isSmall = encoding === undefined && Number(announced ?? 0) <= heldInMemory;
  if (isSmall) return new MemoryBytes(await readRequestBody(request, limit));
  if (Number(announced ?? 0) > limit) throw tooLarge(limit);
  try {
    return await contents().store(piecesOf(request, limit));
  } finally {
    // What nobody takes any more is read and dropped, so that the device gets to see the answer.
    request.resume();
  }
}

async function* piecesOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > limit) throw tooLarge(limit);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof BadRequest) throw cause;
    throw incomplete(cause);
  }
  if (!request.complete) throw incomplete();
}

function tooLarge(limit: number): BadRequest {
  return new BadRequest('BODY_TOO_LARGE', `a body above ${limit} bytes`);
}

function incomplete(cause?: unknown): BadRequest {
  return new BadRequest('BODY_INCOMPLETE', 'the connection ended in the body', { cause });
}

/**
 * Reads a request's body into memory. What comes above the limit is not kept.
 *
 * @param limit - bytes
 * @throws BadRequest BODY_TOO_LARGE, BODY_INCOMPLETE
 */
export async function readRequestBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;

  return new Promise<Buffer>((resolve, reject) => {
    const settle = (result: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      result();
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      // Without a listener the rest is read and dropped, so that the device gets to see the answer.
      if (length > limit) settle(() => reject(tooLarge(limit)));
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const onClose = () => settle(() => reject(incomplete()));
    if (request.destroyed) onClose();
    else request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
