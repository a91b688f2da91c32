import type { IncomingMessage } from 'node:http';
import { BadRequest } from './bad-request';

/**
 * Reads a request's body into memory. What comes above the limit is not kept.
 *
 * @param limit - bytes
 * @throws BadRequest BODY_TOO_LARGE, BODY_INCOMPLETE
 */
export async function readRequestBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new BadRequest('BODY_TOO_LARGE', `a body above ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
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
      if (length > limit) settle(() => reject(tooLarge()));
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const onClose = () => settle(() => reject(new BadRequest('BODY_INCOMPLETE', 'the connection ended in the body')));
    if (request.destroyed) onClose();
    else request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
