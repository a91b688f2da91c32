import { type Command, type CommandCall, describeCommand } from '../protocol/command';
import { type Infer, object, text } from '../protocol/schema';
import { type Element, FolderHierarchy } from '../wbxml';
import { answerFolderChange } from './folder-change';

/** [MS-ASCMD] "Status (FolderDelete)". */
const Status = { Malformed: 10, ServerError: 6 } as const;
const statusOfError = { DEFAULT_FOLDER: 3, PERMISSION: 3, UNKNOWN_COLLECTION: 4, NOT_FOUND: 4, INVALID_SYNC_KEY: 9 };

/** [MS-ASCMD] "FolderDelete", request schema. */
const request = object({
  syncKey: text(FolderHierarchy.SyncKey, { max: 64 }),
  serverId: text(FolderHierarchy.ServerId, { min: 1, max: 64 }),
});

/** [MS-ASCMD] "FolderDelete". */
export class FolderDelete implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'FolderDelete',
    root: FolderHierarchy.FolderDelete,
    request,
    status: { malformed: Status.Malformed, serverError: Status.ServerError },
  });

  execute(asked: Infer<typeof request>, call: CommandCall): Promise<Element> {
    return answerFolderChange(FolderHierarchy.FolderDelete, statusOfError, call, () =>
      call.session.deleteFolder({ syncKey: asked.syncKey, collectionId: asked.serverId, signal: call.signal }),
    );
  }
}
