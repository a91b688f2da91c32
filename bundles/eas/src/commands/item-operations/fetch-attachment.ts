import { type AttachmentInfo, type ByteStream, isOxtenderError } from '@oxtender/bundle-api';
import { decodeFileReference } from '../../classes';
import type { CommandCall } from '../../protocol/command';
import { Base64Bytes } from '../../content/base64-bytes';
import {
  AirSyncBase,
  type Bytes,
  type Element,
  ItemOperations as Page,
  LargeValue,
  MemoryBytes,
  element,
} from '../../wbxml';
import type { Parts } from './multipart';
import { type Range, parseRange } from '../../values/range';
import { ItemOperationsStatus as Status } from './status';

/** The attachment that a FileReference names; `undefined` when it is none. @throws GroupwareError NOT_FOUND */
export async function openAttachment(
  fileReference: string,
  call: CommandCall,
): Promise<{ info: AttachmentInfo; content: ByteStream } | undefined> {
  const reference = decodeFileReference(fileReference);
  const place = reference && (await call.session.locate(reference.serverId));
  if (!reference || !place) return undefined;
  return call.session.groupware.readAttachment(place.folder, place.itemId, reference.attachmentId, call);
}

/** Fetch of an attachment. With a FileReference only Range is allowed. [MS-ASCMD] "Fetch (ItemOperations)". */
export async function fetchAttachment(
  fileReference: string,
  rangeText: string | undefined,
  call: CommandCall,
  parts: Parts,
): Promise<Element> {
  const failed = (status: number) =>
    element(Page.Fetch, element(Page.Status, status), element(AirSyncBase.FileReference, fileReference));
  const range = rangeText === undefined ? undefined : parseRange(rangeText);
  if (rangeText !== undefined && !range) return failed(Status.BadRange);
  try {
    const attachment = await openAttachment(fileReference, call);
    if (!attachment) return failed(Status.InvalidAttachmentId);
    const { bytes, total } = await readRange(attachment.content, range, call);
    if (range && range.first >= total && total > 0) return failed(Status.BadRange);
    return element(
      Page.Fetch,
      element(Page.Status, Status.Success),
      element(AirSyncBase.FileReference, fileReference),
      element(
        Page.Properties,
        ...rangeElements(range, bytes.length, total),
        element(AirSyncBase.ContentType, attachment.info.contentType),
        parts.accepted ? element(Page.Part, parts.add(bytes)) : dataElement(bytes),
      ),
    );
  } catch (error) {
    if (isOxtenderError(error, 'NOT_FOUND', 'INVALID')) return failed(Status.InvalidAttachmentId);
    if (isOxtenderError(error, 'PERMISSION')) return failed(Status.AccessDenied);
    throw error;
  }
}

/** Range and Total only when the device asked: iOS 10 fails on a Range that it did not ask for. */
function rangeElements(range: Range | undefined, length: number, total: number): Element[] {
  if (!range) return [];
  return [element(Page.Range, `${range.first}-${range.first + Math.max(length, 1) - 1}`), element(Page.Total, total)];
}

/** The bytes of the range, and how many there are in all. Bytes outside of the range are not kept. */
async function readRange(
  content: ByteStream,
  range: Range | undefined,
  { contents }: CommandCall,
): Promise<{ bytes: Bytes; total: number }> {
  let total = 0;
  const kept = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      const from = range ? Math.max(0, range.first - total) : 0;
      const to = range ? Math.min(chunk.length, range.last + 1 - total) : chunk.length;
      if (from < to) yield chunk.subarray(from, to);
      total += chunk.length;
    }
  };
  return { bytes: await contents.store(kept()), total };
}

/** Base64, which is made while a large file is sent. */
function dataElement(bytes: Bytes): Element {
  const base64 = new Base64Bytes(bytes);
  const isSmall = bytes instanceof MemoryBytes;
  return element(Page.Data, isSmall ? Buffer.from(base64.read()).toString('latin1') : new LargeValue(base64, 'text'));
}
