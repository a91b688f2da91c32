import { randomUUID } from 'node:crypto';
import { type ByteStream, isStoredContent, type StoredContent } from '@oxtender/bundle-api';

/** A part of an upload. */
export interface UploadPart {
  readonly name: string;
  /** Given: the part is a file. */
  readonly fileName?: string;
  readonly contentType?: string;
  readonly content: string | Uint8Array | StoredContent | ByteStream;
}

/** A `multipart/form-data` body that is made while it is sent. RFC 7578. */
export function multipart(parts: readonly UploadPart[]): { contentType: string; body: () => ByteStream } {
  const boundary = `oxtender-${randomUUID()}`;
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: () => write(parts, boundary) };
}

async function* write(parts: readonly UploadPart[], boundary: string): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    yield Buffer.from(`--${boundary}\r\n${headerOf(part)}\r\n\r\n`, 'utf8');
    if (typeof part.content === 'string') yield Buffer.from(part.content, 'utf8');
    else if (part.content instanceof Uint8Array) yield part.content;
    else if (isStoredContent(part.content)) yield* part.content.stream();
    else yield* part.content;
    yield Buffer.from('\r\n', 'latin1');
  }
  yield Buffer.from(`--${boundary}--\r\n`, 'latin1');
}

function headerOf({ name, fileName, contentType }: UploadPart): string {
  const disposition = `Content-Disposition: form-data; name="${name}"`;
  const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`;
  if (fileName === undefined) return disposition + type;
  // Browsers, which OX servers know best, send UTF-8 with these three characters escaped (WHATWG HTML).
  const escaped = fileName.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `${disposition}; filename="${escaped}"${type}`;
}
