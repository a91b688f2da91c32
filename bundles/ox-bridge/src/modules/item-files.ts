import type { AttachmentInfo, ByteStream, Cancellable, StoredContent } from '@oxtender/bundle-api';

/** A file that a device hangs on an item. */
export interface NewFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array | StoredContent;
}

/** Files of the items of one class. */
export interface ItemFiles {
  read(
    folder: string,
    item: string,
    id: string,
    options: Cancellable,
  ): Promise<{ info: AttachmentInfo; content: ByteStream }>;
  add(folder: string, item: string, file: NewFile, options: Cancellable): Promise<AttachmentInfo>;
  remove(folder: string, item: string, id: string, options: Cancellable): Promise<void>;
}

/** All bytes of a stream. */
export async function collect(stream: ByteStream): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
