import type { IncomingMessage } from 'node:http';
import { PageError } from '../page-error';

/** Bytes; folders of a large groupware fit. */
export const largestForm = 262_144;

/** Reads a form as browsers send it. The host cuts what is larger than {@link largestForm}. @throws PageError INVALID */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) throw new PageError('INVALID', 'the body is no form');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
