/**
 * Items of all classes between element trees and the domain records: what commands need of `classes/`.
 *
 * - {@link itemContext}: whose items, for which device, under which options
 * - {@link writeItem}, {@link writeFlags}: ApplicationData's elements for the device
 * - {@link readNewItem}, {@link readChange}: what the device made or changed
 * - {@link withLargeSources}: reads what {@link readOptions} leaves out because of its size
 * - {@link readOptions}: what has to be read from the groupware to write an item
 */
export {
  type BodyPreference,
  type ItemContext,
  type ItemOptions,
  defaultItemOptions,
  itemContext,
} from './item-context';
export { BodyType } from './body-selection';
export { addedAttachments, isSameFile, writeAddedAttachment } from './attachments';
export { type FileReference, decodeFileReference, encodeFileReference } from './file-reference';
export { readOptions } from './read-options';
export { writeFlags, writeItem } from './write-item';
export { readChange, readNewItem } from './read-item';
export { withLargeSources } from './email/large-source';
export { isToBeSent } from './email/draft';
export { conversationElements } from './email/email';
