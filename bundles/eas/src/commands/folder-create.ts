import { checkFolderCount } from '../device/folder-limit';
import { classOfUserType } from '../device/folder-type';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../protocol/command';
import { type Infer, integer, object, text } from '../protocol/schema';
import { type Element, FolderHierarchy, element } from '../wbxml';
import { answerFolderChange, parentOf } from './folder-change';

/** [MS-ASCMD] "Status (FolderCreate)". */
const Status = { Malformed: 10, ServerError: 6 } as const;
const statusOfError = {
  EXISTS: 2,
  UNKNOWN_COLLECTION: 5,
  PARENT_NOT_FOUND: 5,
  NOT_FOUND: 5,
  PERMISSION: 3,
  INVALID: 10,
  UNSUPPORTED: 10,
  INVALID_SYNC_KEY: 9,
};

/** [MS-ASCMD] "FolderCreate", request schema. */
const request = object({
  syncKey: text(FolderHierarchy.SyncKey, { min: 1, max: 64 }),
  parentId: text(FolderHierarchy.ParentId, { min: 1, max: 64 }),
  displayName: text(FolderHierarchy.DisplayName, { min: 1, max: 256 }),
  type: integer(FolderHierarchy.Type),
});

/** [MS-ASCMD] "FolderCreate". */
export class FolderCreate implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'FolderCreate',
    root: FolderHierarchy.FolderCreate,
    request,
    status: { malformed: Status.Malformed, serverError: Status.ServerError },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: Infer<typeof request>, call: CommandCall): Promise<Element> {
    const itemClass = classOfUserType(asked.type);
    if (!itemClass) return element(FolderHierarchy.FolderCreate, element(FolderHierarchy.Status, Status.Malformed));
    const folders = await call.session.folders(call);
    checkFolderCount(folders.length + 1, this.services.config);
    return answerFolderChange(FolderHierarchy.FolderCreate, statusOfError, call, () =>
      call.session.createFolder({
        syncKey: asked.syncKey,
        name: asked.displayName,
        itemClass,
        ...parentOf(asked.parentId),
        signal: call.signal,
      }),
    );
  }
}
