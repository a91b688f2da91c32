import type { IncomingMessage } from 'node:http';

/** True when the request says that its body is larger than `limit` bytes. */
export function declaresMoreThan(limit: number, request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

/**
 * Counts the body of a request that does not declare its length, whoever reads it, and calls `exceeded` once when it
 * grows over the limit; nothing more of it is handed on then.
 */
export function limitBody(request: IncomingMessage, limit: number, exceeded: () => void): void {
  if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] === undefined) return;
  const push = request.push.bind(request);
  let received = 0;
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) received += chunk.length;
    if (received <= limit) return push(chunk, encoding);
    request.push = () => false;
    exceeded();
    return false;
  };
}
