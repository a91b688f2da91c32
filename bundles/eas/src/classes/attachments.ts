import type { AttachmentInfo } from '@oxtender/bundle-api';
import { type TableField, field } from '../protocol/field-table';
import type { VersionRange } from '../protocol/versions';
import { AirSyncBase, Email, type Element, element } from '../wbxml';
import { encodeFileReference } from './file-reference';
import type { ItemContext } from './item-context';
import { texts } from './texts';

interface WithAttachments {
  readonly attachments?: readonly AttachmentInfo[];
}

/** [MS-ASAIRS] "Method". */
const Method = { File: 1, Message: 5 } as const;

/** [MS-ASAIRS] "Attachments", for the device only; what it adds or deletes is read by {@link readAttachmentChanges}. */
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

/** A file that a device hangs on an item. */
export interface NewAttachment {
  readonly clientId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly contentId?: string;
  readonly inline?: boolean;
}

/** What a device does to the attachments of an item, from 16.0. [MS-ASAIRS] "Add", "Delete". */
export interface AttachmentChanges {
  readonly added: readonly NewAttachment[];
  /** File references. */
  readonly deleted: readonly string[];
}

export function readAttachmentChanges(data: Element): AttachmentChanges {
  const children = data.child(AirSyncBase.Attachments)?.children ?? [];
  return {
    added: children.filter(({ tag }) => tag === AirSyncBase.Add).map(readNewAttachment),
    deleted: children.flatMap((child) =>
      child.tag === AirSyncBase.Delete ? (child.child(AirSyncBase.FileReference)?.text ?? []) : [],
    ),
  };
}

function readNewAttachment(add: Element): NewAttachment {
  const text = (tag: (typeof AirSyncBase)[keyof typeof AirSyncBase]) => add.child(tag)?.text ?? '';
  const content = add.child(AirSyncBase.Content)?.content;
  const isMessage = text(AirSyncBase.Method) === String(Method.Message);
  const contentId = text(AirSyncBase.ContentId);
  return {
    clientId: text(AirSyncBase.ClientId),
    fileName: text(AirSyncBase.DisplayName) || 'attachment',
    contentType: text(AirSyncBase.ContentType) || (isMessage ? 'message/rfc822' : 'application/octet-stream'),
    // Bytes; devices that cannot write bytes send base64 text.
    content: content instanceof Uint8Array ? content : Buffer.from(text(AirSyncBase.Content), 'base64'),
    ...(contentId === '' ? {} : { contentId }),
    ...(add.child(AirSyncBase.IsInline) === undefined ? {} : { inline: true }),
  };
}

function fileReferenceOf({ id }: AttachmentInfo, { serverId }: ItemContext): string | undefined {
  return serverId === undefined ? undefined : encodeFileReference({ serverId, attachmentId: id });
}

/** Messages need a name that ends in `.eml`. */
function nameOf({ fileName, message }: AttachmentInfo): string {
  return message === true && !/\.eml$/i.test(fileName) ? `${fileName || 'message'}.eml` : fileName;
}
