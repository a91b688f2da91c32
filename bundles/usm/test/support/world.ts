import { setMaxListeners } from 'node:events';
import type {
  ClusterBus,
  CollectionSync,
  CollectionSyncRequest,
  Database,
  DatabaseConnection,
  FolderRole,
  GroupwareBridge,
  SyncFolder,
  SyncSession,
} from '@oxtender/bundle-api';
import { DisposableStore } from '@oxtender/bundle-api';
import { FakeClock, type MemoryAccount, MemoryGroupware } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus } from '@oxtender/storage';
import {
  defaultConfiguration,
  UsmDeviceRegistry,
  type UsmOptions,
  usmOptions,
  usmSchema,
  UsmSyncEngine,
} from '../../src';
import { TestDatabase } from './databases';
import { silentLogger } from './silent-logger';

export const never: AbortSignal = new AbortController().signal;
// All calls of all tests share it.
setMaxListeners(0, never);
export const login = 'anna@example.org';

export interface WorldOptions {
  readonly options?: Partial<UsmOptions>;
  /** Default: a new SQLite file. */
  readonly database?: Database;
  readonly groupware?: MemoryGroupware;
  /** Stands between the engine and the groupware. */
  readonly bridge?: (bridge: GroupwareBridge) => GroupwareBridge;
  readonly connection?: (connection: DatabaseConnection) => DatabaseConnection;
  readonly clock?: FakeClock;
  readonly bus?: ClusterBus;
}

/** An engine over an in-memory groupware with one user, and a database of its own. */
export class World implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly groupware: MemoryGroupware;
  readonly bus: ClusterBus;
  readonly #held = new DisposableStore();
  #database!: Database;
  #connection!: DatabaseConnection;
  engine!: UsmSyncEngine;

  private constructor(private readonly options: WorldOptions) {
    this.clock = options.clock ?? new FakeClock();
    this.groupware = options.groupware ?? new MemoryGroupware();
    this.bus = options.bus ?? new InProcessClusterBus({ clock: this.clock, logger: silentLogger });
    if (!options.groupware) this.groupware.addUser({ login });
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    world.#database = options.database ?? (await world.#sqlite());
    await world.#connect();
    return world;
  }

  get registry(): UsmDeviceRegistry {
    return new UsmDeviceRegistry(this.engine.services);
  }

  get connection(): DatabaseConnection {
    return this.#connection;
  }

  get anna(): MemoryAccount {
    return this.groupware.account(login);
  }

  /** As another process of the host, with nothing in memory. */
  async restart(): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    this.#start();
  }

  open(device = 'phone', user = login, password = 'secret'): Promise<SyncSession> {
    return this.engine.open({
      credentials: { login: user, password },
      protocol: 'eas',
      device: { id: device, type: 'iPhone' },
      signal: never,
    });
  }

  async device(id = 'phone', user = login): Promise<TestDevice> {
    const session = await this.open(id, user);
    this.#held.add(session);
    return new TestDevice(session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.#held.dispose();
  }

  async #sqlite(): Promise<Database> {
    return this.#held.add(TestDatabase.sqlite()).open();
  }

  async #connect(): Promise<void> {
    this.#connection = this.#held.add(await this.#database.connect(usmSchema, { signal: never }));
    this.#start();
  }

  #start(): void {
    const { clock, bus, groupware } = this;
    this.engine = new UsmSyncEngine({
      bridge: this.options.bridge?.(groupware) ?? groupware,
      connection: this.options.connection?.(this.#connection) ?? this.#connection,
      ...{ clock, bus, log: silentLogger },
      options: { ...usmOptions(defaultConfiguration), ...this.options.options },
    });
  }
}

/** A device that remembers its keys. */
export class TestDevice {
  hierarchyKey = '0';
  folders: readonly SyncFolder[] = [];
  readonly keys = new Map<string, string>();

  constructor(readonly session: SyncSession) {}

  async syncFolders(): Promise<readonly SyncFolder[]> {
    const { syncKey } = await this.session.syncHierarchy({ syncKey: this.hierarchyKey, signal: never });
    this.hierarchyKey = syncKey;
    this.folders = await this.session.folders({ signal: never });
    return this.folders;
  }

  /** Id of the default folder. */
  async collection(role: FolderRole): Promise<string> {
    if (this.folders.length === 0) await this.syncFolders();
    const found = this.folders.find((folder) => folder.role === role);
    if (!found) throw new Error(`no folder for ${role}`);
    return found.collectionId;
  }

  /** Syncs with the newest key, and takes over the new one. */
  async sync(
    collectionId: string,
    request: Partial<Omit<CollectionSyncRequest, 'collectionId' | 'syncKey'>> = {},
  ): Promise<CollectionSync> {
    if (!this.keys.has(collectionId)) {
      const begun = await this.ask(collectionId, { syncKey: '0' });
      this.keys.set(collectionId, begun.syncKey);
    }
    const result = await this.ask(collectionId, request);
    this.keys.set(collectionId, result.syncKey);
    return result;
  }

  /** Syncs, and forgets the answer. */
  ask(
    collectionId: string,
    request: Partial<Omit<CollectionSyncRequest, 'collectionId'>> = {},
  ): Promise<CollectionSync> {
    const syncKey = this.keys.get(collectionId) ?? '0';
    return this.session.sync({ collectionId, syncKey, windowSize: 100, signal: never, ...request });
  }
}
