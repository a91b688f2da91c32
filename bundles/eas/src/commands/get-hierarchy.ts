import { folderDisplayName, isOffered } from '../device/offered-folders';
import { folderTypeOf } from '../device/folder-type';
import { type Command, type CommandCall, describeCommand } from '../protocol/command';
import { noBody } from '../protocol/request-body';
import { type Element, FolderHierarchy, element } from '../wbxml';

/** [MS-ASCMD] "GetHierarchy": the mail folders, without a key. Up to 12.1. */
export class GetHierarchy implements Command<typeof noBody> {
  static readonly descriptor = describeCommand({ name: 'GetHierarchy', request: noBody, until: '12.1' });

  async execute(_request: undefined, call: CommandCall): Promise<Element> {
    const folders = await call.session.folders({ signal: call.signal });
    const mail = folders.filter((folder) => folder.itemClass === 'Email' && isOffered(folder, call));
    return element(
      FolderHierarchy.Folders,
      mail.map((folder) =>
        element(
          FolderHierarchy.Folder,
          element(FolderHierarchy.DisplayName, folderDisplayName(folder)),
          element(FolderHierarchy.ServerId, folder.collectionId),
          element(FolderHierarchy.Type, folderTypeOf(folder)),
          element(FolderHierarchy.ParentId, folder.parentCollectionId ?? '0'),
        ),
      ),
    );
  }
}
