import type { Database } from './database';
import type { Groups } from './groups';
import { type Rights, decodeRights, mergeRights, noRights } from './rights';

/** Modules of groupware folders as JSON names them. */
export type FolderModule = 'tasks' | 'calendar' | 'contacts' | 'infostore' | 'system';

/** Types of folders. OX HTTP API, "Detailed folder data", 302. */
export const FolderType = { private: 1, public: 2, shared: 3, system: 5, mail: 7 } as const;

export interface Folder {
  readonly id: number;
  readonly parent: number;
  readonly module: FolderModule;
  /** 1, 2 or 5; whether it is shared depends on who looks. */
  readonly type: number;
  readonly title: string;
  readonly owner: number;
  /** Number of the standard folder, 0 for others. OX HTTP API, 316. */
  readonly standard: number;
  readonly created_by: number;
  readonly modified_by: number;
  readonly creation_date: number;
  readonly last_modified: number;
}

export interface Permission {
  readonly entity: number;
  readonly group: boolean;
  readonly bits: number;
}

type NewFolder = Pick<Folder, 'parent' | 'module' | 'type' | 'title' | 'owner'> & {
  readonly id?: number;
  readonly standard?: number;
  readonly permissions: readonly Permission[];
};

/** Groupware folders of a context with their permissions; all are kept in memory after the first look. */
export class Folders {
  /** Grows whenever what is in memory is forgotten. */
  generation = 0;
  #byId: Map<number, Folder> | undefined;
  readonly #permissions = new Map<number, readonly Permission[]>();
  readonly #rights = new Map<string, Rights>();
  readonly #memberships = new Map<number, ReadonlySet<number>>();
  readonly #visible = new Map<number, readonly Folder[]>();

  constructor(
    private readonly db: Database,
    private readonly groups: Groups,
  ) {}

  /** Forgets what is in memory: after a change of groups, and after a transaction that was undone. */
  invalidate(): void {
    this.generation += 1;
    this.#byId = undefined;
    this.#permissions.clear();
    this.#rights.clear();
    this.#memberships.clear();
    this.#visible.clear();
  }

  all(): Iterable<Folder> {
    return this.#folders().values();
  }

  /** Those that the user sees: of thousands of users' folders a few. */
  visible(user: number): readonly Folder[] {
    let folders = this.#visible.get(user);
    if (!folders) {
      folders = [...this.all()].filter(({ id }) => this.#rightsOf(id, user).folder > 0);
      this.#visible.set(user, folders);
    }
    return folders;
  }

  get(id: number): Folder | undefined {
    return this.#folders().get(id);
  }

  children(parent: number): Folder[] {
    return [...this.all()].filter((folder) => folder.parent === parent);
  }

  /** The user's own standard folder. */
  standard(user: number, standard: number): Folder | undefined {
    for (const folder of this.all()) if (folder.owner === user && folder.standard === standard) return folder;
    return undefined;
  }

  permissions(id: number): readonly Permission[] {
    let permissions = this.#permissions.get(id);
    if (!permissions) {
      permissions = this.db
        .rows<{ entity: number; is_group: number; bits: number }>(
          'SELECT * FROM folder_permission WHERE folder = ?',
          id,
        )
        .map(({ entity, is_group, bits }) => ({ entity, group: is_group === 1, bits }));
      this.#permissions.set(id, permissions);
    }
    return permissions;
  }

  /** What the user may do, by permissions of his own and of his groups. */
  rights(id: number, user: number): Rights {
    const key = `${id}:${user}`;
    let rights = this.#rights.get(key);
    if (!rights) this.#rights.set(key, (rights = this.#rightsOf(id, user)));
    return rights;
  }

  create(folder: NewFolder, user: number): Folder {
    const stamp = this.db.stamp();
    const { lastInsertRowid } = this.db.run(
      `INSERT INTO folder (id, parent, module, type, title, owner, standard, created_by, modified_by, creation_date,
       last_modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[folder.id ?? null, folder.parent, folder.module, folder.type, folder.title, folder.owner],
      ...[folder.standard ?? 0, user, user, stamp, stamp],
    );
    const id = Number(lastInsertRowid);
    this.#writePermissions(id, folder.permissions);
    this.invalidate();
    return this.get(id) as Folder;
  }

  update(
    id: number,
    changes: { title?: string; parent?: number; permissions?: readonly Permission[] },
    user: number,
  ): Folder {
    if (changes.title !== undefined) this.db.run('UPDATE folder SET title = ? WHERE id = ?', changes.title, id);
    if (changes.parent !== undefined) this.db.run('UPDATE folder SET parent = ? WHERE id = ?', changes.parent, id);
    if (changes.permissions) this.#writePermissions(id, changes.permissions);
    this.db.run('UPDATE folder SET last_modified = ?, modified_by = ? WHERE id = ?', this.db.stamp(), user, id);
    this.invalidate();
    return this.get(id) as Folder;
  }

  /** Removes the folder alone; its objects and subfolders are the caller's. */
  delete(id: number): void {
    this.db.run('DELETE FROM folder WHERE id = ?', id);
    this.db.run('DELETE FROM folder_permission WHERE folder = ?', id);
    this.db.run(`INSERT OR REPLACE INTO tombstone VALUES ('folders', 0, ?, ?)`, id, this.db.stamp());
    this.invalidate();
  }

  #rightsOf(id: number, user: number): Rights {
    const groups = this.#groupsOf(user);
    return this.permissions(id)
      .filter(({ entity, group }) => (group ? groups.has(entity) : entity === user))
      .reduce((sum, { bits }) => mergeRights(sum, decodeRights(bits)), noRights);
  }

  #writePermissions(id: number, permissions: readonly Permission[]): void {
    this.db.run('DELETE FROM folder_permission WHERE folder = ?', id);
    for (const { entity, group, bits } of permissions)
      this.db.run('INSERT OR REPLACE INTO folder_permission VALUES (?, ?, ?, ?)', id, entity, group ? 1 : 0, bits);
  }

  #folders(): Map<number, Folder> {
    this.#byId ??= new Map(
      this.db.rows<Folder>('SELECT * FROM folder ORDER BY id').map((folder) => [folder.id, folder]),
    );
    return this.#byId;
  }

  #groupsOf(user: number): ReadonlySet<number> {
    let groups = this.#memberships.get(user);
    if (!groups) this.#memberships.set(user, (groups = new Set(this.groups.of(user))));
    return groups;
  }
}
