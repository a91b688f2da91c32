import type { IncomingMessage } from 'node:http';
import { ConsoleError } from '../console-error';

/** Bytes: a form with all keys of a configuration is far smaller. */
const most = 256 * 1024;

/** @throws ConsoleError INVALID when it is no JSON, or too long */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ConsoleError('INVALID', 'the body must be application/json');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new ConsoleError('INVALID', 'the body is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new ConsoleError('INVALID', 'the body is no JSON', { cause: error });
  }
}
