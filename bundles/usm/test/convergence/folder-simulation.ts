import {
  type DatabaseConnection,
  type Folder,
  type HierarchySync,
  isOxtenderError,
  type ItemClass,
  type SyncKey,
  type SyncSession,
} from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus } from '@oxtender/storage';
import { defaultConfiguration, UsmDeviceRegistry, usmOptions, UsmSyncEngine } from '../../src';
import { silentLogger } from '../support/silent-logger';
import { never } from '../support/world';
import { Killed, Life } from './kill-switch';
import type { Fault } from './scenario';
import type { TestedGroupware } from './tested-groupware';

export type FolderAction =
  | { readonly kind: 'device makes'; readonly itemClass: number; readonly parent: number; readonly fault: Fault }
  | { readonly kind: 'device renames' | 'device deletes'; readonly folder: number; readonly fault: Fault }
  | { readonly kind: 'server makes'; readonly itemClass: number }
  | { readonly kind: 'server renames' | 'server deletes'; readonly folder: number }
  | { readonly kind: 'sync'; readonly fault: Fault }
  | { readonly kind: 'late repeat'; readonly request: number }
  | { readonly kind: 'restart' };

/** A folder as the device shows it. */
interface DeviceFolder {
  readonly name: string;
  readonly itemClass: ItemClass;
  readonly parent: string | undefined;
  readonly isDefault: boolean;
}

/** One request of the device; `take` brings what was answered to the device. */
interface FolderRequest {
  send(session: SyncSession): Promise<{ syncKey: SyncKey; take: () => void }>;
}

/** What may have become of a folder that somebody made, by its first name. */
interface FolderLife {
  readonly parent: string | undefined;
  isDeleted: boolean;
}

let devices = 0;

/** One device and one user's groupware, both at work on folders. A folder's name begins with its tag, which stays. */
export class FolderSimulation {
  readonly #clock = new FakeClock();
  readonly #device = `folders-${++devices}`;
  readonly #folders = new Map<string, DeviceFolder>();
  readonly #lives = new Map<string, FolderLife>();
  readonly #delivered: FolderRequest[] = [];
  #key: SyncKey = '0';
  /** A request without an answer: the device does nothing else until there is one. */
  #unanswered: FolderRequest | undefined;
  #life = new Life();
  #engine: UsmSyncEngine;
  #session: SyncSession | undefined;
  #names = 0;

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly groupware: TestedGroupware,
  ) {
    this.#engine = this.#start();
  }

  async run(actions: readonly FolderAction[]): Promise<void> {
    for (const action of actions) {
      await this.#act(action);
      await this.#clock.tick(1);
    }
    await this.#quieten();
    await this.#compare();
    const registry = new UsmDeviceRegistry(this.#engine.services);
    for (const device of await registry.list({ deviceId: this.#device })) await registry.delete(device);
    this.#session?.[Symbol.dispose]();
    await this.#engine[Symbol.asyncDispose]();
  }

  async #act(action: FolderAction): Promise<void> {
    if ('fault' in action) {
      this.#unanswered ??= this.#key === '0' ? this.#sync() : this.#request(action);
      await this.#exchange(action.fault);
    } else if (action.kind === 'late repeat') await this.#repeatLate(action.request);
    else if (action.kind === 'restart') await this.#restart();
    else await this.#actOnServer(action);
  }

  #request(action: Extract<FolderAction, { fault: Fault }>): FolderRequest {
    if (action.kind === 'device makes') return this.#create(this.#classOf(action.itemClass), action.parent);
    if (action.kind === 'sync') return this.#sync();
    const own = [...this.#folders].filter(([, { isDefault }]) => !isDefault);
    const [id, folder] = own[action.folder % Math.max(own.length, 1)] ?? [];
    if (id === undefined || !folder) return this.#sync();
    return action.kind === 'device renames' ? this.#rename(id, folder) : this.#delete(id, folder);
  }

  #sync(): FolderRequest {
    const syncKey = this.#key;
    return {
      send: async (session) => {
        const answer = await session.syncHierarchy({ syncKey, signal: never });
        return { syncKey: answer.syncKey, take: () => this.#take(syncKey, answer) };
      },
    };
  }

  #create(itemClass: ItemClass, pick: number): FolderRequest {
    const syncKey = this.#key;
    const name = `d${++this.#names}`;
    const parents = [...this.#folders].filter(([, one]) => one.itemClass === itemClass);
    // Mostly at the top.
    const [parent, above] = parents[pick] ?? [];
    this.#lives.set(name, { parent: above && tagOf(above.name), isDeleted: false });
    const request = { syncKey, name, itemClass, ...(parent !== undefined && { parent }), signal: never };
    return {
      send: async (session) => {
        const { collectionId, syncKey: next } = await session.createFolder(request);
        const folder = { name, itemClass, parent, isDefault: false };
        return { syncKey: next, take: () => this.#folders.set(collectionId, folder) };
      },
    };
  }

  #rename(collectionId: string, folder: DeviceFolder): FolderRequest {
    const name = `${tagOf(folder.name)}.${++this.#names}`;
    const { parent } = folder;
    const request = { syncKey: this.#key, collectionId, name, ...(parent !== undefined && { parent }), signal: never };
    return {
      send: async (session) => {
        const { syncKey } = await session.updateFolder(request);
        return { syncKey, take: () => this.#folders.set(collectionId, { ...folder, name }) };
      },
    };
  }

  #delete(collectionId: string, folder: DeviceFolder): FolderRequest {
    const request = { syncKey: this.#key, collectionId, signal: never };
    this.#bury(folder.name);
    return {
      send: async (session) => {
        const { syncKey } = await session.deleteFolder(request);
        return { syncKey, take: () => this.#remove(collectionId) };
      },
    };
  }

  async #exchange(fault: Fault): Promise<void> {
    const request = this.#unanswered;
    if (!request || fault.kind === 'request lost') return;
    try {
      const session = await this.#open();
      if (fault.kind === 'killed') this.#life.arm(fault.kill);
      if (fault.kind === 'groupware down') this.groupware.breakDown(fault.method, fault.moment);
      const { syncKey, take } = await request.send(session);
      this.#delivered.push(request);
      if (fault.kind === 'answer lost') return;
      this.#unanswered = undefined;
      this.#key = syncKey;
      take();
    } catch (error) {
      // Somebody else was quicker: the device learns from the next sync what there is.
      if (isOxtenderError(error, 'UNKNOWN_COLLECTION', 'PARENT_NOT_FOUND', 'NOT_FOUND')) this.#unanswered = undefined;
      else if (!(error instanceof Killed) && !isOxtenderError(error, 'UNAVAILABLE', 'BROKEN_ANSWER')) throw error;
    } finally {
      this.groupware.recover();
      this.#life.disarm();
      if (this.#life.isDead) await this.#restart();
    }
  }

  /** Nobody waits for its answer. */
  async #repeatLate(pick: number): Promise<void> {
    const request = this.#delivered[pick % Math.max(this.#delivered.length, 1)];
    try {
      await request?.send(await this.#open());
    } catch (error) {
      const expected = ['INVALID_SYNC_KEY', 'UNKNOWN_COLLECTION', 'PARENT_NOT_FOUND', 'NOT_FOUND'];
      if (!isOxtenderError(error, ...expected)) throw error;
    }
  }

  #take(syncKey: SyncKey, { added, updated, deleted }: HierarchySync): void {
    if (syncKey === '0') this.#folders.clear();
    for (const { collectionId, name, itemClass, parentCollectionId, role } of [...added, ...updated]) {
      this.#folders.set(collectionId, { name, itemClass, parent: parentCollectionId, isDefault: role !== undefined });
    }
    for (const collectionId of deleted) this.#folders.delete(collectionId);
  }

  #remove(collectionId: string): void {
    this.#folders.delete(collectionId);
    for (const [id, { parent }] of [...this.#folders]) if (parent === collectionId) this.#remove(id);
  }

  async #actOnServer(
    action: Extract<FolderAction, { kind: 'server makes' | 'server renames' | 'server deletes' }>,
  ): Promise<void> {
    if (action.kind === 'server makes') {
      const name = `s${++this.#names}`;
      this.#lives.set(name, { parent: undefined, isDeleted: false });
      await this.groupware.addFolder(name, this.#classOf(action.itemClass));
      return;
    }
    // What the device does not know yet it may be about to make once more.
    const known = new Set([...this.#folders.values()].map(({ name }) => tagOf(name)));
    const own = (await this.#stored()).filter(({ name, role }) => role === undefined && known.has(tagOf(name)));
    const folder = own[action.folder % Math.max(own.length, 1)];
    if (!folder) return;
    if (action.kind === 'server renames') {
      await this.groupware.renameFolder(folder, `${tagOf(folder.name)}.${++this.#names}`);
    } else {
      this.#bury(folder.name);
      await this.groupware.removeFolder(folder);
    }
  }

  #bury(name: string): void {
    const life = this.#lives.get(tagOf(name));
    if (life) life.isDeleted = true;
  }

  async #quieten(): Promise<void> {
    for (let round = 0; ; round++) {
      if (round > 20) throw new Error('it does not come to rest');
      const before = this.#key;
      const isPending = this.#unanswered !== undefined;
      this.#unanswered ??= this.#sync();
      await this.#exchange({ kind: 'none' });
      if (!isPending && this.#key === before && this.#key !== '0') return;
    }
  }

  async #compare(): Promise<void> {
    const stored = await this.#stored();
    const names = new Map(stored.map(({ id, name }) => [id, name]));
    const ofServer = stored.map(
      ({ name, itemClass, parentId }) => `${itemClass} ${names.get(parentId ?? '') ?? ''}/${name}`,
    );
    const ofDevice = [...this.#folders.values()].map(
      ({ name, itemClass, parent }) => `${itemClass} ${this.#folders.get(parent ?? '')?.name ?? ''}/${name}`,
    );
    if (ofDevice.sort().join('\n') !== ofServer.sort().join('\n'))
      throw new Error(`device:\n${ofDevice.join('\n')}\nserver:\n${ofServer.join('\n')}`);
    for (const [tag] of this.#lives) {
      const count = stored.filter(({ name }) => tagOf(name) === tag).length;
      if (count > 1) throw new Error(`${tag} is there ${count} times`);
      if (count === 0 && !this.#isBuried(tag)) throw new Error(`${tag} is lost`);
    }
  }

  /** It was deleted, or what it was in. */
  #isBuried(tag: string): boolean {
    const life = this.#lives.get(tag);
    return life !== undefined && (life.isDeleted || (life.parent !== undefined && this.#isBuried(life.parent)));
  }

  async #stored(): Promise<Folder[]> {
    return (await this.groupware.folders()).filter(({ subscribed, rights }) => subscribed && rights.read !== 'none');
  }

  #classOf(pick: number): ItemClass {
    return this.groupware.kinds[pick % this.groupware.kinds.length]?.itemClass ?? 'Email';
  }

  async #open(): Promise<SyncSession> {
    this.#session ??= await this.#engine.open({
      credentials: { login: this.groupware.login, password: 'secret' },
      protocol: 'eas',
      device: { id: this.#device, type: 'simulated' },
      signal: never,
    });
    return this.#session;
  }

  #start(): UsmSyncEngine {
    this.#life = new Life();
    return new UsmSyncEngine({
      bridge: this.#life.bridge(this.groupware.bridge),
      connection: this.#life.connection(this.connection),
      bus: new InProcessClusterBus({ clock: this.#clock, logger: silentLogger }),
      clock: this.#clock,
      log: silentLogger,
      options: usmOptions(defaultConfiguration),
    });
  }

  async #restart(): Promise<void> {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
    await this.#engine[Symbol.asyncDispose]();
    this.#engine = this.#start();
  }
}

function tagOf(name: string): string {
  return name.split('.', 1)[0] ?? '';
}
