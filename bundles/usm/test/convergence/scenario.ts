import {
  type CollectionSync,
  type CollectionSyncRequest,
  type ConflictPolicy,
  type DatabaseConnection,
  isOxtenderError,
  type SyncSession,
} from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus } from '@oxtender/storage';
import { defaultConfiguration, UsmDeviceRegistry, usmOptions, UsmSyncEngine } from '../../src';
import { silentLogger } from '../support/silent-logger';
import { never } from '../support/world';
import type { ItemKind } from './item-kinds';
import { type Kill, Killed, Life } from './kill-switch';
import { Ledger } from './ledger';
import { dayOf } from '../../src/state/entry';
import { type ChangeStyle, type LocalItem, SimulatedCollection } from './simulated-device';
import { SimulatedServer } from './simulated-server';
import type { TestedGroupware } from './tested-groupware';

/** What goes wrong with a request. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'request lost' }
  | { readonly kind: 'answer lost' }
  | { readonly kind: 'killed'; readonly kill: Kill }
  | { readonly kind: 'groupware down'; readonly method: string; readonly moment: 'before' | 'after' };

export type Action =
  | { readonly kind: 'device adds'; readonly collection: number }
  | { readonly kind: 'device edits'; readonly collection: number; readonly item: number; readonly field: number }
  | { readonly kind: 'device deletes'; readonly collection: number; readonly item: number }
  | { readonly kind: 'server adds'; readonly collection: number }
  | { readonly kind: 'server edits'; readonly collection: number; readonly item: number; readonly field: number }
  | { readonly kind: 'server deletes'; readonly collection: number; readonly item: number }
  | {
      readonly kind: 'sync';
      readonly collection: number;
      readonly windowSize: number;
      readonly getChanges: boolean;
      readonly repetition: 'same' | 'anew';
      readonly fault: Fault;
    }
  | { readonly kind: 'move'; readonly collection: number; readonly item: number; readonly fault: Fault }
  | { readonly kind: 'late repeat'; readonly request: number }
  | { readonly kind: 'day passes' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'tokens expire'; readonly collection: number };

export interface Scenario {
  readonly policy: ConflictPolicy;
  readonly snapshots: boolean;
  readonly recordsIn: 'nothing' | 'deltas' | 'listings';
  readonly style: ChangeStyle;
  readonly kinds: readonly number[];
  /** Mails older than so many days are not on the device. */
  readonly days: number | undefined;
  readonly actions: readonly Action[];
}

let devices = 0;

/** One device, one user's groupware and one engine, through a scenario to its end. */
export class Simulation {
  readonly #clock = new FakeClock();
  readonly #ledger = new Ledger();
  readonly #server: SimulatedServer;
  readonly #device = `device-${++devices}`;
  /**
   * Requests that were worked on to the end. One that comes for the first time after the next of the same key cannot be
   * told from a newer one.
   */
  readonly #delivered: CollectionSyncRequest[] = [];
  #collections: SimulatedCollection[] = [];
  /** A move without an answer: until there is one, the device does nothing else in the two folders. */
  #move: { item: LocalItem; source: SimulatedCollection; target: SimulatedCollection } | undefined;
  #life = new Life();
  #engine: UsmSyncEngine;
  #session: SyncSession | undefined;
  readonly #moved = new Set<string>();
  /** A process died, or the groupware kept an answer to itself: what was written then nobody knows for sure. */
  #isUncertain = false;

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly scenario: Scenario,
    private readonly groupware: TestedGroupware,
  ) {
    this.#server = new SimulatedServer(groupware, this.#ledger);
    this.#engine = this.#start();
  }

  async run(): Promise<void> {
    await this.#begin();
    for (const action of this.scenario.actions) await this.#act(action);
    await this.#quieten();
    await this.#compare();
    await this.#forget();
    this.#session?.[Symbol.dispose]();
    await this.#engine[Symbol.asyncDispose]();
    if (this.groupware.openSessions > 0) throw new Error('sessions of the groupware were left open');
    if (this.#clock.pending > 0) throw new Error('timers were left behind');
  }

  async #forget(): Promise<void> {
    const registry = new UsmDeviceRegistry(this.#engine.services);
    for (const device of await registry.list({ deviceId: this.#device })) await registry.delete(device);
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

  async #open(): Promise<SyncSession> {
    this.#session ??= await this.#engine.open({
      credentials: { login: this.groupware.login, password: 'secret' },
      protocol: 'eas',
      device: { id: this.#device, type: 'simulated' },
      signal: never,
    });
    return this.#session;
  }

  /** Of each kind the default folder, and of the first another one. */
  async #begin(): Promise<void> {
    const kinds = this.scenario.kinds.flatMap((index) => this.groupware.kinds[index] ?? []);
    const wanted = [];
    for (const kind of kinds) wanted.push({ kind, folderId: (await this.groupware.folder(kind.role)).id });
    const [first] = kinds;
    if (first) {
      const { id } = await this.groupware.addFolder('Another', first.itemClass);
      wanted.push({ kind: first, folderId: id });
    }
    const session = await this.#open();
    await session.syncHierarchy({ syncKey: '0', signal: never });
    const folders = await session.folders({ signal: never });
    this.#collections = wanted.map(({ kind, folderId }) => {
      const { collectionId = '' } = folders.find(({ id }) => id === folderId) ?? {};
      return new SimulatedCollection(kind, collectionId, folderId, this.#ledger, this.scenario.style);
    });
  }

  async #act(action: Action): Promise<void> {
    const collection = 'collection' in action ? this.#collection(action.collection) : undefined;
    switch (action.kind) {
      case 'device adds':
        collection?.add();
        break;
      case 'device edits':
        collection?.edit(action.item, action.field);
        break;
      case 'device deletes':
        collection?.remove(action.item);
        break;
      case 'server adds':
        if (collection) await this.#server.add(collection, this.#clock.now());
        break;
      case 'server edits':
        if (collection) await this.#server.edit(collection, action.item, action.field);
        break;
      case 'server deletes':
        if (collection) await this.#server.remove(collection, action.item);
        break;
      case 'sync':
        if (collection) await this.#sync(collection, action);
        break;
      case 'move':
        if (collection) await this.#startMove(collection, action);
        break;
      case 'day passes':
        await this.#clock.tick(86_400_000);
        break;
      case 'late repeat':
        await this.#repeatLate(action.request);
        break;
      case 'restart':
        await this.#restart();
        break;
      case 'tokens expire':
        if (collection) await this.groupware.forget({ id: collection.folderId, itemClass: collection.kind.itemClass });
    }
    await this.#clock.tick(1);
  }

  async #sync(
    collection: SimulatedCollection,
    { windowSize, getChanges, repetition, fault }: Extract<Action, { kind: 'sync' }>,
  ): Promise<CollectionSync | undefined> {
    if (this.#isMoving(collection)) {
      await this.#finishMove(fault);
      return undefined;
    }
    const { policy: conflict } = this.scenario;
    const filter = this.#filterOf(collection);
    const options = { windowSize, getChanges, conflict, ...(filter && { filter }), signal: never };
    const request = collection.request(options, repetition);
    if (fault.kind === 'request lost') return undefined;
    return this.#underFault(fault, async (session) => {
      const answer = await session.sync(request);
      this.#delivered.push(request);
      if (fault.kind === 'answer lost') return undefined;
      collection.take(answer);
      return answer;
    });
  }

  /** A device whose move was not answered asks again until it is. */
  async #startMove(
    source: SimulatedCollection,
    { item: pick, fault }: Extract<Action, { kind: 'move' }>,
  ): Promise<void> {
    if (this.#move) return this.#finishMove(fault);
    const target = this.#collections.find((one) => one.kind === source.kind && one !== source);
    const item = source.movable(pick);
    if (!item || !target || target.key === '0') return;
    this.#move = { item, source, target };
    this.#moved.add(item.tag);
    await this.#finishMove(fault);
  }

  async #finishMove(fault: Fault): Promise<void> {
    const move = this.#move;
    const serverId = move?.item.serverId;
    if (!move || serverId === undefined || fault.kind === 'request lost') return;
    await this.#underFault(fault, async (session) => {
      const [result] = await session.move([{ serverId, target: move.target.collectionId }], { signal: never });
      if (fault.kind === 'answer lost') return;
      this.#move = undefined;
      if (result?.status === 'done') move.source.moveTo(move.target, move.item, result.serverId);
      else if (result?.status !== 'not-found') throw new Error(`a move ended with ${String(result?.status)}`);
    });
  }

  #isMoving(collection: SimulatedCollection): boolean {
    return this.#move?.source === collection || this.#move?.target === collection;
  }

  #filterOf({ kind }: SimulatedCollection): { since: number } | undefined {
    const { days } = this.scenario;
    return days === undefined || kind.itemClass !== 'Email'
      ? undefined
      : { since: this.#clock.now() - days * 86_400_000 };
  }

  async #underFault<T>(fault: Fault, work: (session: SyncSession) => Promise<T>): Promise<T | undefined> {
    try {
      const session = await this.#open();
      this.#arm(fault);
      return await work(session);
    } catch (error) {
      if (!(error instanceof Killed) && !isOxtenderError(error, 'UNAVAILABLE', 'BROKEN_ANSWER')) throw error;
      this.#isUncertain = true;
      return undefined;
    } finally {
      this.groupware.recover();
      this.#life.disarm();
      if (this.#life.isDead) await this.#restart();
    }
  }

  #arm(fault: Fault): void {
    if (fault.kind === 'killed') this.#life.arm(fault.kill);
    if (fault.kind === 'groupware down') this.groupware.breakDown(fault.method, fault.moment);
  }

  /** A request that was delivered long ago arrives once more; nobody waits for its answer. */
  async #repeatLate(pick: number): Promise<void> {
    // Without a fingerprint a late repeat of an overtaken change is taken for a new one.
    if (this.scenario.style === 'whole') return;
    const request = this.#delivered[pick % Math.max(this.#delivered.length, 1)];
    if (!request) return;
    try {
      const session = await this.#open();
      await session.sync(request);
    } catch (error) {
      if (!isOxtenderError(error, 'INVALID_SYNC_KEY')) throw error;
    }
  }

  /** Without faults and without new changes, until nobody has anything to tell. */
  async #quieten(): Promise<void> {
    await this.#finishMove({ kind: 'none' });
    for (const collection of this.#collections) {
      for (let round = 0; ; round++) {
        if (round > 40) throw new Error('it does not come to rest');
        const wasInitial = collection.key === '0';
        const isPending = collection.isPending();
        const plain = {
          collection: 0,
          windowSize: 3,
          getChanges: true,
          repetition: 'anew',
          fault: { kind: 'none' },
        } as const;
        const answer = await this.#sync(collection, { kind: 'sync', ...plain });
        const isQuiet = answer?.changes.length === 0 && !answer.moreAvailable;
        if (isQuiet && !isPending && !collection.isPending() && !wasInitial) break;
      }
    }
  }

  async #compare(): Promise<void> {
    for (const collection of this.#collections) await this.#compareCollection(collection);
    for (const tag of this.#ledger.tags) await this.#judge(tag);
  }

  async #compareCollection(collection: SimulatedCollection): Promise<void> {
    const { kind, collectionId } = collection;
    const session = await this.#open();
    const items = (await this.#server.items(collection)).filter(({ item }) => this.#isInFilter(collection, item));
    const ofServer = await Promise.all(
      items.map(async ({ id, item }) => ({
        serverId: await session.serverIdOf(collectionId, id),
        tag: kind.tagOf(item),
        values: valuesOf(collection, item as Record<string, unknown>),
      })),
    );
    const ofDevice = collection.visible.map(({ serverId, tag, values }) => ({
      serverId,
      tag,
      values: shown(kind, values),
    }));
    const byId = (one: { serverId: string | undefined }, other: { serverId: string | undefined }): number =>
      (one.serverId ?? '') < (other.serverId ?? '') ? -1 : 1;
    assertEqual(ofDevice.sort(byId), ofServer.sort(byId), 'the device and the server differ');
  }

  #isInFilter(collection: SimulatedCollection, item: object): boolean {
    const { since } = this.#filterOf(collection) ?? {};
    return since === undefined || dayOf((item as { receivedAt: number }).receivedAt) >= dayOf(since);
  }

  /** All items of a tag, wherever they are. */
  async #judge(tag: string): Promise<void> {
    const kind = this.#ledger.kindOf(tag);
    const folders = this.#collections.filter((collection) => collection.kind === kind);
    const found: { values: Record<string, string> }[] = [];
    for (const collection of folders) {
      for (const { item } of await this.#server.items(collection))
        if (kind.tagOf(item) === tag) found.push({ values: valuesOf(collection, item as Record<string, unknown>) });
    }
    const { policy } = this.scenario;
    const { least, most } = this.#ledger.allowedCount(tag, policy);
    if (found.length < least) throw new Error(`${tag} is lost`);
    // An item that was created or moved unseen, and deleted before the device asked again, comes back.
    const isUncertain = this.#isUncertain && (tag.startsWith('device') || this.#moved.has(tag));
    const mayReturn = isUncertain && this.#ledger.isDeleted(tag) ? 1 : 0;
    if (found.length > Math.max(most, mayReturn)) throw new Error(`${tag} is there ${found.length} times`);
    if (this.#ledger.isDeleted(tag) || kind.repeats === true) return;
    const isMail = kind.itemClass === 'Email';
    // What left the filter left the device, with what was not told yet.
    if (isMail && this.scenario.days !== undefined) return;
    // What was moved unseen is told as gone here and new there, and an edit of the old one goes with it.
    if (this.#isUncertain && this.#moved.has(tag)) return;
    for (const field of kind.fields) {
      const standing = this.#ledger.standing(tag, field);
      const values = found.map((one) => one.values[field]);
      const allowed = this.#allowed(standing, policy === 'keep-both' && isMail ? 'server-wins' : policy);
      if (policy === 'keep-both' && !isMail) {
        for (const value of allowed) if (!values.includes(value)) throw new Error(`${tag}.${field} lost ${value}`);
        continue;
      }
      const value = values[0];
      const isWritten = standing.device.size + standing.server.size > 0;
      const isAllowed = value === undefined ? !isWritten : allowed.has(value);
      if (isAllowed) continue;
      // After a crash a change of the device may have been done unseen, and is done again over a newer one.
      if (this.#isUncertain && policy === 'client-wins' && value?.startsWith('d') === true) continue;
      throw new Error(`${tag}.${field} is ${String(value)}, not one of ${[...allowed].join(', ')}`);
    }
  }

  #allowed(standing: { device: Set<string>; server: Set<string> }, policy: ConflictPolicy): Set<string> {
    if (policy === 'keep-both') return new Set([...standing.device, ...standing.server]);
    const [winner, loser] =
      policy === 'client-wins' ? [standing.device, standing.server] : [standing.server, standing.device];
    return winner.size > 0 ? winner : loser;
  }

  #collection(pick: number): SimulatedCollection | undefined {
    return this.#collections[pick % Math.max(this.#collections.length, 1)];
  }
}

function valuesOf({ kind }: SimulatedCollection, item: Record<string, unknown>): Record<string, string> {
  return clean(Object.fromEntries(kind.fields.map((field) => [field, kind.fromField(field, item[field])])));
}

/** What a device shows, as the groupware would say it. */
function shown(kind: ItemKind, values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const said = Object.entries(values).map(([field, value]): [string, string | undefined] => [
    field,
    value === undefined ? undefined : kind.fromField(field, kind.toField(field, value)),
  ]);
  return clean(Object.fromEntries(said));
}

function clean(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assertEqual(actual: unknown, expected: unknown, message: string): void {
  const [a, b] = [JSON.stringify(actual, undefined, 1), JSON.stringify(expected, undefined, 1)];
  if (a !== b) throw new Error(`${message}\ndevice: ${a}\nserver: ${b}`);
}
