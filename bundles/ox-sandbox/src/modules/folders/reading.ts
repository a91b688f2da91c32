import { FolderType, type Folder } from '../../store/folders';
import { isShared } from '../object-access';
import type { Call } from '../call';
import { Json } from '../../envelope/envelope';
import type { Module } from '../module';
import { idText } from '../ids';
import { checkTree, childrenOf, fieldsOf, locate, parentOf, visibleFolders } from './lookup';
import { type FolderFields, folderFields, folderRows, mailFolderFields } from './view';

/** Looking at folders. OX HTTP API, "Module folders". */
export const readingFolders: Module = {
  root: (call) => {
    checkTree(call);
    const roots = [1, 2, 3, 9]
      .flatMap((id) => call.context.folders.get(id) ?? [])
      .map((folder) => folderFields(call, folder));
    return { data: folderRows(call, roots), timestamp: newest(roots) };
  },

  list: (call) => {
    checkTree(call);
    const parent = call.need('parent');
    if (parent === '0') return readingFolders['root']?.(call) ?? { data: [] };
    const shown = childrenOf(call, locate(call, parent)).filter(
      (folder) => (call.text('all') === '1' || folder['subscribed'] !== false) && inSelection(call, folder),
    );
    return { data: folderRows(call, shown), timestamp: newest(shown) };
  },

  get: (call) => {
    checkTree(call);
    const fields = fieldsOf(call, locate(call, call.need('id')));
    return {
      data: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
      timestamp: newest([fields]),
    };
  },

  path: (call) => {
    checkTree(call);
    const way: FolderFields[] = [];
    for (let next: ReturnType<typeof parentOf> = locate(call, call.need('id')); next;) {
      const fields = fieldsOf(call, next);
      way.push(fields);
      next = parentOf(call, fields);
    }
    return { data: folderRows(call, way), timestamp: newest(way) };
  },

  allVisible: (call) => {
    checkTree(call);
    const type = call.need('content_type');
    if (type === 'mail') {
      const own = call.context.mailFolders.all(call.user.id).map((folder) => mailFolderFields(call, folder));
      return {
        data: new Json(
          `{"private":${
            folderRows(
              call,
              own.filter((folder) => inSelection(call, folder)),
            ).text
          }}`,
        ),
        timestamp: 0,
      };
    }
    const module = type === 'event' ? 'calendar' : type;
    const folders = visibleFolders(call).filter(
      (folder) => folder.module === module && folder.type !== FolderType.system,
    );
    const groups = Object.entries(visibility).flatMap(([name, belongs]) => {
      const fields = folders
        .filter((folder) => belongs(call, folder))
        .map((folder) => folderFields(call, folder))
        .filter((folder) => inSelection(call, folder));
      return fields.length === 0 ? [] : [`"${name}":${folderRows(call, fields).text}`];
    });
    return {
      data: new Json(`{${groups.join(',')}}`),
      timestamp: Math.max(0, ...folders.map(({ last_modified }) => last_modified)),
    };
  },

  updates: (call) => {
    checkTree(call);
    const since = call.needInt('timestamp');
    const changed = visibleFolders(call).filter(({ last_modified }) => last_modified > since);
    const graves =
      call.text('ignore') === 'deleted'
        ? []
        : call.context.db.rows<{ id: number; last_modified: number }>(
            `SELECT id, last_modified FROM tombstone WHERE module = 'folders' AND last_modified > ? ORDER BY last_modified`,
            since,
          );
    const rows = folderRows(
      call,
      changed.map((folder) => folderFields(call, folder)),
    ).text.slice(1, -1);
    const ids = graves.map(({ id }) => idText(id, call));
    return {
      data: new Json(`[${[...(rows === '' ? [] : [rows]), ...ids].join(',')}]`),
      timestamp: Math.max(since, ...[...changed, ...graves].map(({ last_modified }) => last_modified)),
    };
  },

  shares: (call) => {
    const own = visibleFolders(call).filter(
      (folder) => folder.owner === call.user.id && call.context.folders.permissions(folder.id).length > 1,
    );
    return {
      data: folderRows(
        call,
        own.map((folder) => folderFields(call, folder)),
      ),
    };
  },
};

const visibility: Readonly<Record<string, (call: Call, folder: Folder) => boolean>> = {
  private: (call, folder) => folder.type === FolderType.private && !isShared(folder, call.user.id),
  public: (_call, folder) => folder.type === FolderType.public,
  shared: (call, folder) => isShared(folder, call.user.id),
};

/** Tree 20 has the standard folders and those that the user picked for his devices. */
function inSelection(call: Call, folder: FolderFields): boolean {
  if (call.text('tree') !== '20') return true;
  const used = folder['used_for_sync'] as { value?: unknown } | undefined;
  return folder['preDefined'] === true || used?.value !== 'false';
}

function newest(folders: readonly FolderFields[]): number {
  return Math.max(0, ...folders.map((folder) => Number(folder['last_modified_utc'] ?? 0)));
}
