import { type Command, type CommandCall, describeCommand } from '../protocol/command';
import { type Infer, object, text } from '../protocol/schema';
import { type Element, FolderHierarchy } from '../wbxml';
import { answerFolderChange, parentOf } from './folder-change';

/** [MS-ASCMD] "Status (FolderUpdate)". */
const Status = { Malformed: 10, ServerError: 6 } as const;
const statusOfError = {
  EXISTS: 2,
  DEFAULT_FOLDER: 2,
  PERMISSION: 3,
  UNKNOWN_COLLECTION: 4,
  NOT_FOUND: 4,
  PARENT_NOT_FOUND: 5,
  INVALID: 10,
  INVALID_SYNC_KEY: 9,
};

/** [MS-ASCMD] "FolderUpdate", request schema. */
const request = object({
  syncKey: text(FolderHierarchy.SyncKey, { min: 1, max: 64 }),
  serverId: text(FolderHierarchy.ServerId, { min: 1, max: 64 }),
  parentId: text(FolderHierarchy.ParentId, { min: 1, max: 64 }),
  displayName: text(FolderHierarchy.DisplayName, { min: 1, max: 256 }),
});

/** [MS-ASCMD] "FolderUpdate": renames and moves. */
export class FolderUpdate implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'FolderUpdate',
    root: FolderHierarchy.FolderUpdate,
    request,
    status: { malformed: Status.Malformed, serverError: Status.ServerError },
  });

  execute(asked: Infer<typeof request>, call: CommandCall): Promise<Element> {
    return answerFolderChange(FolderHierarchy.FolderUpdate, statusOfError, call, () =>
      call.session.updateFolder({
        syncKey: asked.syncKey,
        collectionId: asked.serverId,
        name: asked.displayName,
        ...parentOf(asked.parentId),
        signal: call.signal,
      }),
    );
  }
}
