import {
  type Cancellable,
  type Folder,
  type FolderRef,
  type FolderRole,
  GroupwareError,
  type ItemClass,
} from '@oxtender/bundle-api';
import { decodeRights, folderColumns, moduleOfClass, ownerBits, roleOfType } from '../columns/folders';
import type { OxBody } from '../columns/column-table';
import { unlessRefused } from '../http/lasting-refusal';
import type { OxAnswer, OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import { type OxRow, idOf, whatever } from './objects';
import type { PeopleDirectory } from './people-directory';

/** Answer of `allVisible`. */
type VisibleFolders = Readonly<Partial<Record<Folder['space'], readonly OxRow[]>>>;

type OxClass = keyof typeof moduleOfClass;

const columns = Object.values(folderColumns);
const at = Object.fromEntries(Object.keys(folderColumns).map((name, index) => [name, index])) as Record<
  keyof typeof folderColumns,
  number
>;

/** Ids of folders that the server itself has. OX HTTP API, "Folder". */
const privateRoot = '1';
const globalAddressBook = '6';
const mailRoot = 'default0';

/** The tree of folders that a user chose for devices, where the administrator allows the choice. */
const chosenTree = '20';

/** Folders of all classes. */
export class OxFolders {
  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
    private readonly settings: {
      readonly classes: ReadonlySet<ItemClass>;
      /** True when the user may choose folders for devices. */
      readonly choice: boolean;
      /** True where calendars are folders of the module `event`. */
      readonly chronos: boolean;
      /** Ids by role, for servers whose lists do not tell roles. */
      readonly defaults: (options: Cancellable) => Promise<ReadonlyMap<string, FolderRole>>;
    },
  ) {}

  /** One request, whatever the number of folders. */
  async list(options: Cancellable): Promise<Folder[]> {
    const classes = (Object.keys(moduleOfClass) as OxClass[]).filter((one) => this.settings.classes.has(one));
    const trees = this.settings.choice ? [undefined, chosenTree] : [undefined];
    const calls = trees.flatMap((tree) => classes.map((itemClass) => visibleCall(this.#moduleOf(itemClass), tree)));
    const answers = await this.client.all(calls, options);
    const chosen = this.#chosenIds(answers.slice(classes.length));
    const shown = answers.slice(0, classes.length);
    await this.people.loadIds(shown.flatMap(ownersOf), options);
    const folders = classes.flatMap((itemClass, index) => this.#foldersOf(itemClass, shown[index], chosen));
    return folders.some(({ role }) => role !== undefined) ? folders : this.#withDefaultRoles(folders, options);
  }

  async create(
    { name, itemClass, parentId }: { name: string; itemClass: ItemClass; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    const module = this.#moduleOf(itemClass);
    const parent = parentId ?? (module === 'mail' ? mailRoot : privateRoot);
    const permissions = [{ entity: this.people.userId, group: false, bits: ownerBits }];
    const folder = { title: name, module, subscribed: true, ...(module !== 'mail' && { permissions }) };
    const call = { module: 'folders', action: 'new', parameters: { folder_id: parent }, body: { folder } };
    return { id: this.#idOf(itemClass, (await this.client.call(call, options)).data) };
  }

  /** Moving and renaming are two calls: old servers take one at a time. */
  async update(
    folder: FolderRef,
    change: { name?: string; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    let { id } = folder;
    if (change.parentId !== undefined) id = await this.#change(id, { folder_id: change.parentId }, options);
    if (change.name !== undefined) id = await this.#change(id, { title: change.name }, options);
    return { id: this.#idOf(folder.itemClass, id) };
  }

  async delete({ id }: FolderRef, options: Cancellable, more: { hardDelete?: boolean } = {}): Promise<void> {
    const call = { module: 'folders', action: 'delete', parameters: { timestamp: whatever, ...more }, body: [id] };
    const { data } = await this.client.call<unknown>(call, options);
    if (Array.isArray(data) && data.length > 0) throw new GroupwareError('PERMISSION', 'OX kept the folder');
  }

  /** Takes everything out for good. */
  async empty(folder: FolderRef, options: Cancellable, deleteAll: (folder: FolderRef) => Promise<void>): Promise<void> {
    if (folder.itemClass === 'Email') return deleteAll(folder);
    await this.client.call({ module: 'folders', action: 'clear', body: [folder.id] }, options);
  }

  async exists({ id }: FolderRef, options: Cancellable): Promise<boolean> {
    try {
      await this.client.call({ module: 'folders', action: 'get', parameters: { id } }, options);
      return true;
    } catch (error) {
      if (error instanceof OxError && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }

  /** Ids of the folders directly below. */
  async below(folder: FolderRef, options: Cancellable): Promise<FolderRef[]> {
    return (await this.list(options)).filter(({ parentId }) => parentId === folder.id);
  }

  async #change(id: string, folder: OxBody, options: Cancellable): Promise<string> {
    const call = { module: 'folders', action: 'update', parameters: { id, timestamp: whatever }, body: { folder } };
    const { data } = await this.client.call<unknown>(call, options);
    return data === null || data === undefined ? id : idOf(data);
  }

  /** Where calendars are of the module `event`, their ids name the account; some answers leave that out. */
  #idOf(itemClass: ItemClass, value: unknown): string {
    const id = idOf(value);
    return itemClass === 'Calendar' && this.settings.chronos && /^\d+$/.test(id) ? `cal://0/${id}` : id;
  }

  #moduleOf(itemClass: ItemClass): string {
    if (itemClass === 'Notes') throw new GroupwareError('UNSUPPORTED', 'OX has no notes');
    return itemClass === 'Calendar' && this.settings.chronos ? 'event' : moduleOfClass[itemClass];
  }

  #foldersOf(
    itemClass: OxClass,
    answer: OxAnswer | OxError | undefined,
    chosen: ReadonlySet<string> | undefined,
  ): Folder[] {
    if (answer === undefined || answer instanceof OxError) {
      // A module that the user does not have shows no folders.
      if (answer === undefined || answer.code === 'PERMISSION' || answer.code === 'NOT_ALLOWED') return [];
      throw answer;
    }
    return Object.entries(answer.data as VisibleFolders).flatMap(([space, rows]) =>
      rows
        .map((row) => this.#folder(row, itemClass, space as Folder['space'], chosen))
        .filter(({ id }) => !/^default\d+$/.test(id)),
    );
  }

  #folder(row: OxRow, itemClass: OxClass, space: Folder['space'], chosen: ReadonlySet<string> | undefined): Folder {
    const id = idOf(row[at.id]);
    const parentId = idOf(row[at.parent] ?? '');
    const role = roleOf(row, id, space);
    const owner = space === 'shared' ? this.people.byId(Number(row[at.createdBy]))?.name : undefined;
    const listed = row[at.subscribed] !== false && id !== globalAddressBook;
    return {
      id,
      ...(parentId !== '' && { parentId }),
      name: String(row[at.title]),
      itemClass,
      ...(role && { role }),
      space,
      ...(owner && { owner }),
      rights: decodeRights(row[at.ownRights]),
      subscribed: role !== undefined || (chosen ? chosen.has(id) : listed),
    };
  }

  #chosenIds(answers: readonly (OxAnswer | OxError)[]): ReadonlySet<string> | undefined {
    const rows = answers.flatMap((answer) =>
      Object.values((unlessRefused(answer)?.data ?? {}) as VisibleFolders).flat(),
    );
    return rows.length > 0 ? new Set(rows.map((row) => idOf(row[at.id]))) : undefined;
  }

  async #withDefaultRoles(folders: Folder[], options: Cancellable): Promise<Folder[]> {
    const roles = await this.settings.defaults(options);
    return folders.map((folder) => {
      const role = roles.get(folder.id);
      return role ? { ...folder, role, subscribed: true } : folder;
    });
  }
}

function visibleCall(module: string, tree: string | undefined): OxCall {
  const parameters = { content_type: module, columns: columns.join(), ...(tree !== undefined && { tree }) };
  return { module: 'folders', action: 'allVisible', parameters };
}

/** Each role is held once: not by folders of other users or external accounts. */
function roleOf(row: OxRow, id: string, space: Folder['space']): FolderRole | undefined {
  if (space !== 'private' || (id.startsWith('default') && !/^default0\W/.test(id))) return undefined;
  if (row[at.standardFolder] === false) return undefined;
  return roleOfType[Number(row[at.standardFolderType] ?? 0)];
}

function ownersOf(answer: OxAnswer | OxError): number[] {
  if (answer instanceof OxError) return [];
  return ((answer.data as VisibleFolders).shared ?? []).map((row) => Number(row[at.createdBy] ?? 0));
}
