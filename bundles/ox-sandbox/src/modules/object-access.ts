import type { OxCode } from '../envelope/codes';
import { oxError } from '../envelope/ox-error';
import { Filter } from '../store/filter';
import { type Folder, type FolderModule, FolderType } from '../store/folders';
import type { Objects, Stored } from '../store/objects';
import type { Rights } from '../store/rights';
import type { Call, JsonObject } from './call';
import type { OxContext } from '../store/context';

/** What tells contacts, appointments and tasks apart where they are handled alike. */
export interface ObjectRules {
  readonly module: FolderModule;
  readonly objects: (context: OxContext) => Objects;
  /** `updates` without `ignore` leaves deletions out. */
  readonly hidesDeletions: boolean;
  readonly list: ListRules;
  readonly codes: {
    readonly notFound: OxCode;
    readonly conflict: OxCode;
    readonly wrongFolder: OxCode;
    readonly notVisible: OxCode;
    readonly noRead: OxCode;
    readonly noCreate: OxCode;
    readonly noWrite: OxCode;
    readonly noDelete: OxCode;
    readonly tooLong: OxCode;
  };
}

/** What `list` does with odd requests. */
export interface ListRules {
  /** An object that is asked for twice is answered twice; `beside others`: when it is not the only one that was found. */
  readonly repeats: 'always' | 'beside others' | 'never';
  /** What the user may not read is left out, as what is gone; else the request is refused. */
  readonly skipsRefused: boolean;
}

/** A folder that the user sees, with what he may do there. */
export interface OpenFolder {
  readonly folder: Folder;
  readonly rights: Rights;
}

/** Groupware folder ids are numbers, in chronos behind `cal://0/`. @throws OxError FLD-1025 */
export function folderNumber(id: string): number {
  const number = Number(/^(?:cal|con):\/\/0\/(\d+)$/.exec(id)?.[1] ?? id);
  if (!Number.isInteger(number)) throw oxError('FLD-1025', id);
  return number;
}

/** @throws OxError FLD-1025, and by the rules' codes when it is not there, not visible or of another module */
export function openFolder(call: Call, id: string, rules: ObjectRules): OpenFolder {
  const number = folderNumber(id);
  const { folders } = call.context;
  const folder = folders.get(number);
  const rights = folders.rights(number, call.user.id);
  if (!folder || rights.folder < 1) throw oxError(rules.codes.notVisible, id);
  if (folder.module !== rules.module) throw oxError(rules.codes.wrongFolder, id);
  return { folder, rights };
}

/** True for a private folder of somebody else. */
export function isShared(folder: Folder, user: number): boolean {
  return folder.type === FolderType.private && folder.owner !== user;
}

/** What the user sees of the folder. @throws OxError when he may read nothing */
export function visibleObjects(call: Call, open: OpenFolder, rules: ObjectRules): Filter {
  const { folder, rights } = open;
  const user = call.user.id;
  if (rights.read < 1) throw oxError(rules.codes.noRead, folder.id);
  let filter = Filter.of('f.folder = ?', folder.id);
  if (rights.read < 2) filter = filter.and('t.created_by = ?', user);
  if (isShared(folder, user)) filter = filter.and('t.private_flag IS NOT 1 OR t.created_by = ?', user);
  return filter;
}

/** An object in a folder, seen by the user. */
export interface Found extends OpenFolder {
  readonly stored: Stored;
}

/** @throws OxError notFound, and those of {@link openFolder} */
export function findObject(call: Call, folderId: string, id: string, rules: ObjectRules): Found {
  const open = openFolder(call, folderId, rules);
  const objects = rules.objects(call.context);
  const [stored] = objects.storedRows(visibleObjects(call, open, rules).and('t.id = ?', idNumber(id)));
  if (!stored) throw oxError(rules.codes.notFound, id, folderId);
  return { ...open, stored };
}

/** An id that is no number belongs to no object. */
export function idNumber(id: string): number {
  const number = Number(id);
  return Number.isInteger(number) ? number : -1;
}

/** True when the right covers the object: all, or own and it is the user's. */
export function covers(level: number, { stored }: { stored: Stored }, user: number): boolean {
  return level >= 2 || (level >= 1 && stored['created_by'] === user);
}

/** @throws OxError noWrite, conflict */
export function checkWrite(call: Call, found: Found, rules: ObjectRules): void {
  if (!covers(found.rights.write, found, call.user.id)) throw oxError(rules.codes.noWrite, found.stored.id);
  if (found.stored.last_modified > call.timestamp) throw oxError(rules.codes.conflict);
}

/** Ids in a body are texts or numbers, the folder is `folder` or `folder_id`. @throws OxError SVL-0002 */
export function reference(element: JsonObject): { folder: string; id: string } {
  const folder = element['folder'] ?? element['folder_id'];
  const { id } = element;
  if (!isId(id)) throw oxError('SVL-0002', 'id');
  if (!isId(folder)) throw oxError('SVL-0002', 'folder');
  return { folder: String(folder), id: String(id) };
}

function isId(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
