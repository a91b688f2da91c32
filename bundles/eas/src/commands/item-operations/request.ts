import {
  type Infer,
  choice,
  container,
  flag,
  many,
  object,
  oneOf,
  opaque,
  optional,
  text,
  tree,
} from '../../protocol/schema';
import { AirSync, AirSyncBase, DocumentLibrary, ItemOperations as Page, RightsManagement, Search } from '../../wbxml';
import { bodyPreference } from '../body-preference';

/** [MS-ASCMD] "Options (ItemOperations)". */
const options = object({
  schema: optional(tree(Page.Schema)),
  range: optional(text(Page.Range)),
  userName: optional(text(Page.UserName)),
  password: optional(text(Page.Password)),
  mimeSupport: optional(oneOf(AirSync.MIMESupport, [0, 1, 2])),
  bodyPreferences: many(AirSyncBase.BodyPreference, bodyPreference),
  bodyPartPreferences: many(AirSyncBase.BodyPartPreference, bodyPreference),
  rightsManagementSupport: optional(flag(RightsManagement.RightsManagementSupport)),
});

const fetch = object({
  store: text(Page.Store),
  linkId: optional(text(DocumentLibrary.LinkId)),
  longId: optional(text(Search.LongId, { max: 256 })),
  collectionId: optional(text(AirSync.CollectionId, { max: 64 })),
  serverId: optional(text(AirSync.ServerId, { max: 64 })),
  fileReference: optional(text(AirSyncBase.FileReference, { max: 256 })),
  options: optional(container(Page.Options, options)),
  removeRightsManagementProtection: optional(flag(RightsManagement.RemoveRightsManagementProtection)),
});

const emptyFolderContents = object({
  collectionId: text(AirSync.CollectionId, { min: 1, max: 64 }),
  options: optional(container(Page.Options, object({ deleteSubFolders: optional(flag(Page.DeleteSubFolders)) }))),
});

const move = object({
  conversationId: opaque(Page.ConversationId),
  dstFldId: text(Page.DstFldId, { min: 1, max: 64 }),
  options: optional(container(Page.Options, object({ moveAlways: optional(flag(Page.MoveAlways)) }))),
});

/** Operations in one request. [MS-ASCMD] "Limiting Size of Command Requests". */
export const mostOperations = 100;

/** [MS-ASCMD] "ItemOperations", request schema: run in document order. */
export const itemOperationsRequest = many(
  choice({
    fetch: container(Page.Fetch, fetch),
    emptyFolderContents: container(Page.EmptyFolderContents, emptyFolderContents),
    move: container(Page.Move, move),
  }),
  { min: 1 },
);

export type Operation = Infer<typeof itemOperationsRequest>[number];
export type FetchOperation = Infer<typeof fetch>;
export type EmptyOperation = Infer<typeof emptyFolderContents>;
export type MoveOperation = Infer<typeof move>;
export type FetchOptions = Infer<typeof options>;
