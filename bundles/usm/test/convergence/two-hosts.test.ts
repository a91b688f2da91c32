import {
  type ClusterBus,
  type CollectionSync,
  type CollectionSyncRequest,
  type DatabaseConnection,
  DisposableStore,
  isOxtenderError,
  type SyncSession,
} from '@oxtender/bundle-api';
import { FakeClock, sharedRedis } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus, RedisClusterBus } from '@oxtender/storage';
import * as fc from 'fast-check';
import { defaultConfiguration, usmOptions, usmSchema, UsmSyncEngine } from '../../src';
import { systemClock, testDatabases } from '../support/databases';
import { silentLogger } from '../support/silent-logger';
import { never } from '../support/world';
import { type ItemKind, itemKinds } from './item-kinds';
import { Ledger } from './ledger';
import { SimulatedCollection } from './simulated-device';
import { SimulatedServer } from './simulated-server';
import { TestedMemory } from './tested-groupware';

const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000_000);

type Action =
  | { kind: 'adds' | 'edits' | 'deletes'; device: number; item: number; field: number }
  | { kind: 'server adds' | 'server edits' | 'server deletes'; item: number; field: number }
  | {
      kind: 'syncs';
      device: number;
      host: number;
      how: 'once' | 'lost' | 'on both hosts';
      repetition: 'same' | 'anew';
    };

const device = fc.nat(1);
const item = fc.nat(5);
const field = fc.nat(2);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('adds', 'edits', 'deletes'), device, item, field }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('server adds', 'server edits', 'server deletes'), item, field }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('syncs'),
      device,
      host: fc.nat(1),
      how: fc.constantFrom('once', 'lost', 'on both hosts'),
      repetition: fc.constantFrom('same', 'anew'),
    }),
  },
);

interface Run {
  /** Index of the kind of items. */
  readonly kind: number;
  readonly policy: 'server-wins' | 'client-wins';
  readonly actions: readonly Action[];
}

const arbitraryRun: fc.Arbitrary<Run> = fc.record({
  kind: fc.nat(itemKinds.length - 1),
  policy: fc.constantFrom('server-wins', 'client-wins'),
  actions: fc.array(action, { maxLength: 25, size: 'max' }),
});

/** Two hosts on one database. */
interface Cluster {
  readonly connections: readonly DatabaseConnection[];
  bus(host: number): ClusterBus;
}

let runs = 0;

/** Two devices of one user, whose requests go to either host. */
class TwoHosts {
  readonly #clock = new FakeClock(1_800_000_000_000 + ++runs);
  readonly #groupware = new TestedMemory();
  readonly #ledger = new Ledger();
  readonly #server: SimulatedServer;
  readonly #kind: ItemKind;
  readonly #engines: UsmSyncEngine[];
  readonly #sessions = new DisposableStore();
  #devices: { collection: SimulatedCollection; sessions: SyncSession[] }[] = [];

  constructor(
    cluster: Cluster,
    private readonly run: Run,
  ) {
    this.#kind = this.#groupware.kinds[run.kind]!;
    this.#server = new SimulatedServer(this.#groupware, this.#ledger);
    const options = usmOptions({ ...defaultConfiguration, 'devices.max_per_user': 1_000_000 });
    this.#engines = cluster.connections.map(
      (connection, host) =>
        new UsmSyncEngine({
          bridge: this.#groupware.bridge,
          ...{ connection, options, clock: this.#clock },
          bus: cluster.bus(host),
          log: silentLogger,
        }),
    );
  }

  async play(): Promise<void> {
    for (const name of ['phone', 'tablet']) this.#devices.push(await this.#device(`${name}-${runs}`));
    for (const one of this.run.actions) await this.#act(one);
    // Devices wake each other with their last changes.
    for (let round = 0; round < 3; round++) for (const index of [0, 1]) await this.#quieten(index);
    await this.#compare();
    await this.#sessions.dispose();
    for (const engine of this.#engines) await engine[Symbol.asyncDispose]();
  }

  async #device(id: string): Promise<{ collection: SimulatedCollection; sessions: SyncSession[] }> {
    const sessions = [];
    for (const engine of this.#engines) {
      const session = await engine.open({
        credentials: { login: this.#groupware.login, password: 'secret' },
        protocol: 'eas',
        device: { id, type: 'simulated' },
        signal: never,
      });
      sessions.push(this.#sessions.add(session));
    }
    await sessions[0]?.syncHierarchy({ syncKey: '0', signal: never });
    const folders = (await sessions[1]?.folders({ signal: never })) ?? [];
    const folder = folders.find(({ role }) => role === this.#kind.role)!;
    const ledger = new PrefixedLedger(this.#ledger, id);
    return {
      collection: new SimulatedCollection(this.#kind, folder.collectionId, folder.id, ledger, 'patch'),
      sessions,
    };
  }

  async #act(action: Action): Promise<void> {
    const folder = { kind: this.#kind, folderId: (await this.#groupware.folder(this.#kind.role)).id };
    const collection = 'device' in action ? this.#devices[action.device]?.collection : undefined;
    switch (action.kind) {
      case 'adds':
        collection?.add();
        break;
      case 'edits':
        collection?.edit(action.item, action.field);
        break;
      case 'deletes':
        collection?.remove(action.item);
        break;
      case 'server adds':
        await this.#server.add(folder, this.#clock.now());
        break;
      case 'server edits':
        await this.#server.edit(folder, action.item, action.field);
        break;
      case 'server deletes':
        await this.#server.remove(folder, action.item);
        break;
      case 'syncs':
        await this.#sync(action);
    }
  }

  async #sync({
    device: index,
    host,
    how,
    repetition,
  }: Extract<Action, { kind: 'syncs' }>): Promise<CollectionSync | undefined> {
    const { collection, sessions } = this.#devices[index]!;
    const options = { windowSize: 4, conflict: this.run.policy, signal: never } as const;
    const request = collection.request(options, repetition);
    const ask = (at: number): Promise<CollectionSync | undefined> => answer(sessions[at]!, request);
    const [first] = await Promise.all(how === 'on both hosts' ? [ask(host), ask(1 - host)] : [ask(host)]);
    if (first && how !== 'lost') collection.take(first);
    return first;
  }

  async #quieten(index: number): Promise<void> {
    const { collection } = this.#devices[index]!;
    for (let round = 0; ; round++) {
      if (round > 40) throw new Error('it does not come to rest');
      const wasBusy = collection.key === '0' || collection.isPending();
      const how = { kind: 'syncs', device: index, host: round % 2, how: 'once', repetition: 'anew' } as const;
      const told = await this.#sync(how);
      if (told?.changes.length === 0 && !told.moreAvailable && !wasBusy && !collection.isPending()) return;
    }
  }

  async #compare(): Promise<void> {
    const stored = await this.#groupware.items(await this.#groupware.folder(this.#kind.role));
    for (const { collection } of this.#devices) {
      const show = (values: Record<string, unknown>): string =>
        JSON.stringify(this.#kind.fields.map((name) => values[name] ?? ''));
      const ofDevice = collection.visible.map(({ serverId, values }) => `${serverId ?? '?'} ${show(values)}`).sort();
      const ofServer = stored
        .map(({ id, item: { ...record } }) => {
          const values = record as Record<string, unknown>;
          const texts = this.#kind.fields.map((name) => [name, this.#kind.fromField(name, values[name])]);
          return `${collection.collectionId}:${id} ${show(Object.fromEntries(texts) as Record<string, unknown>)}`;
        })
        .sort();
      if (ofDevice.join('\n') !== ofServer.join('\n'))
        throw new Error(`device:\n${ofDevice.join('\n')}\nserver:\n${ofServer.join('\n')}`);
    }
    for (const tag of this.#ledger.tags) {
      const count = stored.filter((one) => this.#kind.tagOf(one.item) === tag).length;
      if (count > 1) throw new Error(`${tag} is there ${count} times`);
      if (count === 0 && !this.#ledger.isDeleted(tag)) throw new Error(`${tag} is lost`);
    }
  }
}

/** One device's entries in the ledger of all. */
class PrefixedLedger extends Ledger {
  constructor(
    private readonly all: Ledger,
    private readonly prefix: string,
  ) {
    super();
  }

  override born(...[tag, kind]: Parameters<Ledger['born']>): void {
    this.all.born(tag, kind);
  }

  override wrote(): void {
    // Which value stands in the end is judged where one device is alone with the groupware.
  }

  override insisted(): void {
    // As above.
  }

  override deletedByDevice(...[tag, seen]: Parameters<Ledger['deletedByDevice']>): void {
    this.all.deletedByDevice(tag, seen);
  }

  override name(tag: string): string {
    return `${this.prefix}-${tag}`;
  }
}

async function answer(session: SyncSession, request: CollectionSyncRequest): Promise<CollectionSync | undefined> {
  try {
    return await session.sync(request);
  } catch (error) {
    if (isOxtenderError(error, 'COLLECTION_BUSY')) return undefined;
    throw error;
  }
}

const buses: Record<string, () => Promise<((host: number) => ClusterBus) | undefined>> = {
  'a bus that reaches both': () => {
    const bus = new InProcessClusterBus({ clock: systemClock, logger: silentLogger });
    return Promise.resolve(() => bus);
  },
  Redis: async () => {
    const redis = await sharedRedis();
    if (!redis) return undefined;
    const prefix = `usm-${Date.now()}:`;
    const settings = { url: redis.url, prefix, lockTtl: 5000, timeout: 2000 };
    const made = [0, 1].map(() => new RedisClusterBus(settings, { clock: systemClock, logger: silentLogger }));
    return (host) => made[host]!;
  },
};

describe('two devices on two hosts', () => {
  const setups = [
    ['SQLite', 'a bus that reaches both', 60],
    ['MariaDB', 'Redis', 12],
  ] as const;
  for (const [database, bus, numRuns] of setups) {
    it(`converge over ${database} and ${bus} (seed ${seed})`, async function () {
      this.timeout(120_000);
      await using store = await testDatabases[database]();
      const busOf = await buses[bus]?.();
      if (!store || !busOf) return this.skip();
      const held = new DisposableStore();
      const connect = async (): Promise<DatabaseConnection> =>
        held.add(await (await store.open()).connect(usmSchema, { signal: never }));
      const cluster = { connections: [await connect(), await connect()], bus: busOf };
      for (const host of [0, 1]) {
        const one = busOf(host);
        if (Symbol.asyncDispose in one) held.add(one as ClusterBus & AsyncDisposable);
      }
      try {
        await fc.assert(
          fc.asyncProperty(arbitraryRun, (run) => new TwoHosts(cluster, run).play()),
          { seed, numRuns },
        );
      } finally {
        await held.dispose();
      }
    });
  }
});
