import {
  type Folder,
  type FolderRef,
  type FolderRole,
  type GroupwareBridge,
  GroupwareError,
  type Item,
  type ItemClass,
  type ItemPatch,
} from '@oxtender/bundle-api';
import { type MemoryAccount, MemoryGroupware } from '@oxtender/bundle-api/testing';
import { never } from '../support/world';
import { type ItemKind, itemKinds } from './item-kinds';

/** A user's groupware: under the engine as a bridge, and as the user's other programs see it. */
export interface TestedGroupware {
  readonly bridge: GroupwareBridge;
  readonly login: string;
  readonly kinds: readonly ItemKind[];
  folder(role: FolderRole): Promise<FolderRef>;
  folders(): Promise<readonly Folder[]>;
  addFolder(name: string, itemClass: ItemClass): Promise<FolderRef>;
  renameFolder(folder: FolderRef, name: string): Promise<void>;
  removeFolder(folder: FolderRef): Promise<void>;
  put(folder: FolderRef, item: Item): Promise<void>;
  deliver(folder: FolderRef, mail: { readonly subject: string; readonly receivedAt: number }): Promise<void>;
  change(folder: FolderRef, id: string, patch: ItemPatch): Promise<void>;
  remove(folder: FolderRef, id: string): Promise<void>;
  items(folder: FolderRef): Promise<{ readonly id: string; readonly item: Item }[]>;
  /** A call soon fails, before or after it has done its work. */
  breakDown(method: string, moment: 'before' | 'after'): void;
  /** No further call fails. */
  recover(): void;
  /** What the groupware remembered of the engine's earlier calls is of no use any more. */
  forget(folder: FolderRef): Promise<void>;
  /** Sessions that were not given back. */
  readonly openSessions: number;
}

/** {@link MemoryGroupware} with one user. */
export class TestedMemory implements TestedGroupware {
  readonly login = 'anna@example.org';
  readonly kinds = itemKinds;
  readonly bridge: MemoryGroupware;
  readonly #account: MemoryAccount;

  constructor(behaviour: ConstructorParameters<typeof MemoryGroupware>[0] = {}) {
    this.bridge = new MemoryGroupware(behaviour);
    this.#account = this.bridge.addUser({ login: this.login });
  }

  get openSessions(): number {
    return this.bridge.openSessions;
  }

  folder(role: FolderRole): Promise<FolderRef> {
    return Promise.resolve(this.#account.folder(role));
  }

  addFolder(name: string, itemClass: ItemClass): Promise<FolderRef> {
    return Promise.resolve(this.#account.addFolder({ name, itemClass }));
  }

  async folders(): Promise<readonly Folder[]> {
    const session = await this.bridge.login({ login: this.login, password: 'secret' }, { signal: never });
    const folders = await session.listFolders({ signal: never });
    session[Symbol.dispose]();
    return folders;
  }

  renameFolder({ id }: FolderRef, name: string): Promise<void> {
    this.#account.changeFolder(id, { name });
    return Promise.resolve();
  }

  removeFolder({ id }: FolderRef): Promise<void> {
    this.#account.removeFolder(id);
    return Promise.resolve();
  }

  put({ id }: FolderRef, item: Item): Promise<void> {
    this.#account.put(id, item);
    return Promise.resolve();
  }

  async deliver({ id }: FolderRef, mail: { readonly subject: string; readonly receivedAt: number }): Promise<void> {
    await this.#account.deliver({ ...mail, read: false }, id);
  }

  change(folder: FolderRef, id: string, patch: ItemPatch): Promise<void> {
    this.#account.change(folder.id, id, patch);
    return Promise.resolve();
  }

  remove(folder: FolderRef, id: string): Promise<void> {
    this.#account.remove(folder.id, id);
    return Promise.resolve();
  }

  items({ id }: FolderRef): Promise<{ readonly id: string; readonly item: Item }[]> {
    return Promise.resolve(this.#account.items(id));
  }

  breakDown(method: string, moment: 'before' | 'after'): void {
    this.bridge.faults.fail(method, new GroupwareError('UNAVAILABLE', 'down'), { moment });
  }

  recover(): void {
    this.bridge.faults.clear();
  }

  forget({ id }: FolderRef): Promise<void> {
    this.#account.expireTokens(id);
    return Promise.resolve();
  }
}
