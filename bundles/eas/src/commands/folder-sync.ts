import { initialSyncKey, isOxtenderError, type SyncFolder } from '@oxtender/bundle-api';
import { checkFolderCount } from '../device/folder-limit';
import { folderTypeOf } from '../device/folder-type';
import { folderDisplayName, isOffered } from '../device/offered-folders';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../protocol/command';
import { type Infer, object, text } from '../protocol/schema';
import { type Element, FolderHierarchy, element } from '../wbxml';

/** [MS-ASCMD] "Status (FolderSync)". */
const Status = { Success: 1, ServerError: 6, InvalidSyncKey: 9, Malformed: 10 } as const;

/** [MS-ASCMD] "FolderSync", request schema. */
const request = object({ syncKey: text(FolderHierarchy.SyncKey, { min: 1, max: 64 }) });

/** [MS-ASCMD] "FolderSync". */
export class FolderSync implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'FolderSync',
    root: FolderHierarchy.FolderSync,
    request,
    status: { malformed: Status.Malformed, serverError: Status.ServerError },
    advertises: true,
  });

  constructor(private readonly services: CommandServices) {}

  async execute({ syncKey }: Infer<typeof request>, call: CommandCall): Promise<Element> {
    const { session, signal } = call;
    try {
      const hierarchy = await session.syncHierarchy({ syncKey, signal });
      const offered = (folder: SyncFolder) => isOffered(folder, call);
      const known = syncKey === initialSyncKey ? hierarchy.added : await session.folders(call);
      checkFolderCount(known.filter(offered).length, this.services.config);
      const changes = [
        ...hierarchy.updated.filter(offered).map((folder) => folderElement(FolderHierarchy.Update, folder)),
        ...hierarchy.deleted.map((id) => element(FolderHierarchy.Delete, element(FolderHierarchy.ServerId, id))),
        ...hierarchy.added.filter(offered).map((folder) => folderElement(FolderHierarchy.Add, folder)),
      ];
      return answer(
        Status.Success,
        element(FolderHierarchy.SyncKey, hierarchy.syncKey),
        element(FolderHierarchy.Changes, element(FolderHierarchy.Count, changes.length), ...changes),
      );
    } catch (error) {
      if (!isOxtenderError(error, 'INVALID_SYNC_KEY')) throw error;
      call.log.info('folder sync key is not valid, the device starts again', { syncKey });
      return answer(Status.InvalidSyncKey);
    }
  }
}

function answer(status: number, ...rest: Element[]): Element {
  return element(FolderHierarchy.FolderSync, element(FolderHierarchy.Status, status), ...rest);
}

/** Order of the children: [MS-ASCMD] "Add (FolderSync)". ParentId 0 is the top. */
function folderElement(tag: Element['tag'], folder: SyncFolder): Element {
  return element(
    tag,
    element(FolderHierarchy.ServerId, folder.collectionId),
    element(FolderHierarchy.ParentId, folder.parentCollectionId ?? '0'),
    element(FolderHierarchy.DisplayName, folderDisplayName(folder)),
    element(FolderHierarchy.Type, folderTypeOf(folder)),
  );
}
