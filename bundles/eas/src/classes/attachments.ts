import type { AttachmentInfo, StoredContent } from '@oxtender/bundle-api';
import { FileBytes } from '../content/file-bytes';
import { FileContent } from '../content/file-content';
import { type TableField, field } from '../protocol/field-table';
import type { VersionRange } from '../protocol/versions';
import { omit } from '../values/omit';
import { AirSyncBase, type Bytes, Email, type Element, LargeValue, element } from '../wbxml';
import { decodeFileReference, encodeFileReference } from './file-reference';
import type { ItemContext } from './item-context';
import { texts } from './texts';

interface WithAttachments {
  readonly attachments?: readonly AttachmentInfo[];
}

/** [MS-ASAIRS] "Method". */
const Method = { File: 1, Message: 5 } as const;

/** [MS-ASAIRS] "Attachments", for the device only; what it adds or deletes is read by {@link changedAttachments}. */
export function attachmentsField<T extends WithAttachments>(range: VersionRange): TableField<T, ItemContext> {
  return field<T, ItemContext>({
    ...range,
    tag: AirSyncBase.Attachments,
    keys: [],
    write: ({ attachments = [] }, context) => {
      const list = attachments.flatMap((attachment) => writeAttachment(attachment, context) ?? []);
      return list.length === 0 ? undefined : element(AirSyncBase.Attachments, list);
    },
  });
}

function writeAttachment(attachment: AttachmentInfo, context: ItemContext): Element | undefined {
  const reference = fileReferenceOf(attachment, context);
  if (reference === undefined) return undefined;
  const { contentId, contentLocation, inline, size } = attachment;
  return element(
    AirSyncBase.Attachment,
    element(AirSyncBase.DisplayName, nameOf(attachment)),
    element(AirSyncBase.FileReference, reference),
    element(AirSyncBase.Method, attachment.message === true ? Method.Message : Method.File),
    // Android does not show an attachment without it.
    element(AirSyncBase.EstimatedDataSize, size),
    texts(AirSyncBase.ContentId, contentId),
    texts(AirSyncBase.ContentLocation, contentLocation),
    inline === true ? element(AirSyncBase.IsInline, 1) : undefined,
  );
}

/** Attachments of a mail in version 2.5; AttName is what the device asks GetAttachment for. */
export const legacyAttachmentsField = field<WithAttachments, ItemContext>({
  until: '2.5',
  tag: Email.Attachments,
  keys: [],
  write: ({ attachments = [] }, context) => {
    const list = attachments.flatMap((attachment) => {
      const reference = fileReferenceOf(attachment, context);
      if (reference === undefined) return [];
      return element(
        Email.Attachment,
        element(Email.AttName, reference),
        element(Email.AttSize, attachment.size),
        element(Email.AttMethod, attachment.message === true ? Method.Message : Method.File),
        element(Email.DisplayName, nameOf(attachment)),
      );
    });
    return list.length === 0 ? undefined : element(Email.Attachments, list);
  },
});

/** A file that a device hangs on an item, from 16.0. [MS-ASAIRS] "Add". */
export interface NewAttachment extends AttachmentInfo {
  /** By which the device knows it until it has its reference. */
  readonly clientId: string;
  readonly content: Uint8Array | StoredContent;
}

/** The files that a device hangs on an item. */
export function addedAttachments(data: Element): NewAttachment[] {
  const children = data.child(AirSyncBase.Attachments)?.children ?? [];
  return children.filter(({ tag }) => tag === AirSyncBase.Add).map(readNewAttachment);
}

/**
 * All attachments of an item after a device added and deleted some; undefined when it did neither. A file that is there
 * already came with an earlier try of the same request.
 */
export function changedAttachments(
  current: readonly AttachmentInfo[] = [],
  data: Element,
): readonly AttachmentInfo[] | undefined {
  const deleted = new Set(deletedAttachments(data));
  const added = addedAttachments(data);
  if (deleted.size === 0 && added.length === 0) return undefined;
  const kept = current.filter(({ id }) => !deleted.has(id));
  return [...kept, ...added.filter((one) => !kept.some((other) => isSameFile(one, other))).map(withoutClientId)];
}

/** Name and size tell: bytes cannot be compared without reading them. */
export function isSameFile(one: AttachmentInfo, other: AttachmentInfo): boolean {
  return one.fileName === other.fileName && one.size === other.size;
}

/** The files that a device hangs on a new item. */
export function newAttachments(data: Element): { attachments?: readonly AttachmentInfo[] } {
  const attachments = addedAttachments(data).map(withoutClientId);
  return attachments.length === 0 ? {} : { attachments };
}

/** Tells the device under which reference a file that it added is known. [MS-ASAIRS] "Attachment". */
export function writeAddedAttachment(
  clientId: string,
  attachment: AttachmentInfo,
  context: ItemContext,
): Element | undefined {
  const reference = fileReferenceOf(attachment, context);
  if (reference === undefined) return undefined;
  return element(
    AirSyncBase.Attachment,
    element(AirSyncBase.ClientId, clientId),
    element(AirSyncBase.FileReference, reference),
  );
}

/** Ids of the attachments that the device deletes. */
function deletedAttachments(data: Element): string[] {
  const children = data.child(AirSyncBase.Attachments)?.children ?? [];
  return children.flatMap((child) => {
    const reference = child.tag === AirSyncBase.Delete ? child.child(AirSyncBase.FileReference)?.text : undefined;
    const decoded = reference === undefined ? undefined : decodeFileReference(reference);
    return decoded === undefined ? [] : [decoded.attachmentId];
  });
}

function readNewAttachment(add: Element): NewAttachment {
  const text = (tag: (typeof AirSyncBase)[keyof typeof AirSyncBase]) => add.child(tag)?.text ?? '';
  const content = contentOf(add.child(AirSyncBase.Content));
  const isMessage = text(AirSyncBase.Method) === String(Method.Message);
  const contentId = text(AirSyncBase.ContentId);
  return {
    id: '',
    clientId: text(AirSyncBase.ClientId),
    fileName: text(AirSyncBase.DisplayName) || 'attachment',
    contentType: text(AirSyncBase.ContentType) || (isMessage ? 'message/rfc822' : 'application/octet-stream'),
    size: content.length,
    content,
    ...(contentId === '' ? {} : { contentId }),
    ...(add.child(AirSyncBase.IsInline) === undefined ? {} : { inline: true }),
  };
}

/** Bytes; devices that cannot write bytes send base64 text. */
function contentOf(read: Element | undefined): Uint8Array | StoredContent {
  const content = read?.content;
  if (content instanceof Uint8Array) return content;
  if (content instanceof LargeValue && content.form === 'bytes') return contentIn(content.bytes);
  return Buffer.from(read?.text ?? '', 'base64');
}

function contentIn(bytes: Bytes): Uint8Array | StoredContent {
  return bytes instanceof FileBytes ? new FileContent(bytes) : bytes.read();
}

function withoutClientId(added: NewAttachment): AttachmentInfo {
  return omit(added, 'clientId');
}

function fileReferenceOf({ id }: AttachmentInfo, { serverId }: ItemContext): string | undefined {
  return serverId === undefined ? undefined : encodeFileReference({ serverId, attachmentId: id });
}

/** Messages need a name that ends in `.eml`. */
function nameOf({ fileName, message }: AttachmentInfo): string {
  return message === true && !/\.eml$/i.test(fileName) ? `${fileName || 'message'}.eml` : fileName;
}
