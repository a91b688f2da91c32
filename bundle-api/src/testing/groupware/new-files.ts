import { randomUUID } from 'node:crypto';
import { isStoredContent } from '../../model/stored-content';
import type { AttachmentInfo } from '../../model/values';

/** Attachments as they lie in the memory, and their bytes by id. */
export interface StoredFiles {
  readonly attachments: readonly AttachmentInfo[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Takes the bytes out of those attachments of a written item that are new. */
export function storeNewFiles(
  wanted: readonly AttachmentInfo[],
  present: ReadonlyMap<string, Uint8Array> = new Map(),
): StoredFiles {
  const files = new Map<string, Uint8Array>();
  const attachments = wanted.map(({ content, ...info }) => {
    const id = content === undefined ? info.id : `file-${randomUUID()}`;
    const bytes = (isStoredContent(content) ? content.read() : content?.slice()) ?? present.get(id);
    if (bytes) files.set(id, bytes);
    return { ...info, id };
  });
  return { attachments, files };
}
