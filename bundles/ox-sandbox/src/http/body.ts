import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { oxError } from '../envelope/ox-error';

/** A file of an upload. */
export interface UploadedFile {
  readonly field: string;
  readonly filename: string;
  readonly type: string;
  readonly data: Buffer;
}

/** A `multipart/form-data` or form body. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly UploadedFile[];
}

/** The body of a request is over the limit. */
export class BodyTooLarge extends Error {}

/** @throws BodyTooLarge */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

/** @throws BodyTooLarge; OxError SVL-0020 when it is no form */
export function readForm(request: IncomingMessage, limit: number): Promise<Form> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge();
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const files: UploadedFile[] = [];
    const parser = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: limit, fieldSize: limit, files: 1000, fields: 1000 },
    });
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('file', (field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => parser.destroy(new BodyTooLarge()));
      stream.on('close', () => {
        files.push({ field, filename: filename || field, type: mimeType, data: Buffer.concat(chunks) });
      });
    });
    parser.once('close', () => resolve({ fields, files }));
    parser.once('error', (cause: Error) =>
      reject(cause instanceof BodyTooLarge ? cause : oxError('SVL-0020', cause.message)),
    );
    request.once('error', reject);
    request.pipe(parser);
  });
}
