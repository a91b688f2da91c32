import {
  type ClientChangeResult,
  type Clock,
  type CollectionSync,
  type CollectionSyncRequest,
  initialSyncKey,
  type ServerChange,
  type SyncKey,
} from '@oxtender/bundle-api';
import { CollectionState } from '../state/collection-state';
import { type CachedState, noRecords } from '../state/state-cache';
import { encodeState } from '../state/state-codec';
import type { ServerIds } from '../tables/server-ids';
import type { SkippedItems } from '../tables/skipped-items';
import type { StateRow, StoredJournal } from '../tables/state-store';
import { earlierOutcome, type StepResult } from './change-context';
import { ClientChangeJournal, type JournalWriter } from './client-change-journal';
import { applyClientChanges, planSteps } from './client-changes';
import type { Collection } from './collection';
import type { CollectionStates } from './collection-states';
import { requestFingerprint } from './fingerprint';
import { type DayFilter, dayFilter } from './item-filter';
import { replayTellings } from './replay';
import { keptAnswers, nextSyncKey } from './sync-key';
import { type Telling, Window } from './window';

/** What exchanges of all collections share. */
export interface ExchangeServices {
  readonly states: CollectionStates;
  readonly serverIds: ServerIds;
  readonly skipped: SkippedItems;
  readonly clock: Clock;
  readonly newKeyOnEmptySync: boolean;
  /** For the journal. */
  readonly writer: () => JournalWriter;
}

/**
 * One request for one collection, by a caller that holds the collection's lock.
 *
 * Kept are the state whose key the device used last, and those made from it: which of them the device received is
 * known when it uses one. Until then a repeat of the request gets the same answer, and nothing is done twice.
 */
export class Exchange {
  readonly #filter: DayFilter;
  #rows: readonly StateRow[] = [];

  constructor(
    private readonly services: ExchangeServices,
    private readonly collection: Collection,
    private readonly request: CollectionSyncRequest,
  ) {
    this.#filter = dayFilter(collection.folder.itemClass, request.filter);
  }

  /** @throws SyncError INVALID_SYNC_KEY, COLLECTION_BUSY */
  async run(): Promise<CollectionSync> {
    const { states } = this.services;
    this.#rows = await states.rows(this.collection.address);
    if (this.request.syncKey === initialSyncKey) return this.#begin();
    const row = states.find(this.#rows, this.request.syncKey);
    return (await this.#repeat(row)) ?? this.#advance(row);
  }

  /** A beginning leaves the other states alone until its key is used: the request may be a late repeat. */
  async #begin(): Promise<CollectionSync> {
    const beginnings = this.#rows.filter(({ key, basedOn }) => basedOn === '' && !this.#answersTo(key).length);
    const unused = beginnings.find(({ revision }) => revision === 0);
    if (unused) return this.#answer(unused.key, {});
    const key = this.#nextKey();
    await this.#commit({ key, basedOn: '', request: '' }, CollectionState.empty, {
      dropped: beginnings.slice(0, -1),
    });
    return this.#answer(key, {});
  }

  /** The answer that the same request got before; undefined when there is none, or it can no longer be given. */
  async #repeat(row: StateRow): Promise<CollectionSync | undefined> {
    const answers = this.#answersTo(row.key);
    const fingerprint = answers.length > 0 ? requestFingerprint(this.request, this.#filter) : '';
    const same = fingerprint === '' ? undefined : answers.find(({ request }) => request === fingerprint);
    if (!same) return undefined;
    const { states } = this.services;
    const { address, folder, groupware } = this.collection;
    const { state } = await states.load(address, same);
    const { read = {}, signal } = this.request;
    const results = await this.#recordedResults(row);
    const tellings = results && (await replayTellings(groupware, folder, state, { read, signal }));
    return tellings && this.#answer(same.key, { results, tellings, moreAvailable: state.header.moreAvailable });
  }

  async #recordedResults(row: StateRow): Promise<StepResult[] | undefined> {
    const { changes = [] } = this.request;
    if (changes.length === 0) return [];
    const journal = await this.#openJournal(row);
    const steps = await planSteps(changes, (serverId) => this.#itemIdOf(serverId), journal);
    const outcomes = steps.map((step) => earlierOutcome(step)?.outcome);
    return outcomes.every((outcome) => outcome !== undefined) ? outcomes : undefined;
  }

  async #advance(row: StateRow): Promise<CollectionSync> {
    const { changes = [], getChanges = true, signal } = this.request;
    const { states } = this.services;
    const isRead = getChanges || changes.length > 0;
    const refreshed = isRead
      ? await states.refresh(this.collection, row, { filter: this.#filter, signal })
      : await states.load(this.collection.address, row);
    const applied = await this.#applyChanges(row, refreshed.state);
    const { state, tellings } =
      getChanges && !applied.state.isTold
        ? await this.#takeWindow(applied.state, refreshed)
        : { state: applied.state, tellings: [] };
    const moreAvailable = getChanges && !state.isTold;
    if (changes.length === 0 && tellings.length === 0 && !this.services.newKeyOnEmptySync) {
      await this.#keepKey(row, refreshed, state);
      return this.#answer(row.key, { moreAvailable });
    }
    const key = this.#nextKey();
    const told = tellings.map(({ kind, id }) => ({ kind, id }));
    await this.#commit(
      { key, basedOn: row.key, request: requestFingerprint(this.request, this.#filter) },
      state.withHeader({ told, moreAvailable }),
      { dropped: this.#superseded(row), journal: applied.journal?.stored(), refreshed },
    );
    return this.#answer(key, { results: applied.results, tellings, moreAvailable });
  }

  async #applyChanges(
    row: StateRow,
    state: CollectionState,
  ): Promise<{ state: CollectionState; results: StepResult[]; journal?: ClientChangeJournal }> {
    const { changes = [], conflict = 'server-wins', notify = false, signal } = this.request;
    if (changes.length === 0) return { state, results: [] };
    const { address, folder, groupware } = this.collection;
    const journal = await this.#openJournal(row);
    const editor = state.edit();
    const context = {
      groupware,
      folder,
      address,
      key: row.key,
      state,
      editor,
      journal,
      policy: conflict,
      notify,
      signal,
    };
    const results = await applyClientChanges(changes, (serverId) => this.#itemIdOf(serverId), context);
    return { state: editor.finish(), results, journal };
  }

  async #takeWindow(
    state: CollectionState,
    { listed }: CachedState,
  ): Promise<{ state: CollectionState; tellings: readonly Telling[] }> {
    const { clock, skipped } = this.services;
    const { address, folder, groupware } = this.collection;
    const { windowSize: size, read = {}, budget = Infinity, signal } = this.request;
    const options = { size, read, filter: this.#filter, listed, deadline: clock.now() + budget, signal };
    const taken = await new Window(groupware, folder, clock, state, options).take();
    const broken = taken.broken.map(({ id, error }) => ({ id, reason: `${error.code}: ${error.message}` }));
    await skipped.add(address, broken, clock.now());
    if (taken.tellings.length > 0) {
      await skipped.settle(
        address,
        taken.tellings.map(({ id }) => id),
      );
    }
    return taken;
  }

  /** Nothing to tell: what was learnt of the groupware is kept under the same key. */
  async #keepKey(row: StateRow, refreshed: CachedState, state: CollectionState): Promise<void> {
    const { states } = this.services;
    const isNews = refreshed.isAhead || state.segments !== refreshed.state.segments;
    if (isNews) await states.save(this.collection.address, row, { ...refreshed, state });
    // The device did not begin anew: that request was a late repeat.
    const beginnings = this.#rows.filter(({ key, basedOn }) => basedOn === '' && key > row.key);
    if (beginnings.length > 0) await states.drop(this.collection.address, beginnings);
  }

  async #commit(
    row: Omit<StateRow, 'revision'>,
    state: CollectionState,
    {
      dropped,
      journal,
      refreshed,
    }: { dropped: readonly StateRow[]; journal?: StoredJournal | undefined; refreshed?: CachedState },
  ): Promise<void> {
    const { address } = this.collection;
    const { store, cache } = this.services.states;
    const added = { ...row, revision: 0 };
    const keys = dropped.map(({ key }) => key);
    const element = encodeState(state);
    await store.commit(address, { expected: this.#rows, dropped: keys, added, element, journal }, this.request);
    for (const key of keys) cache.delete(address, key);
    const listed = refreshed && state.pending > 0 ? refreshed.listed : noRecords;
    const { asked, conversations } = refreshed ?? {};
    cache.set(address, row.key, { revision: 0, state, listed, asked, isAhead: false, conversations });
  }

  async #answer(
    syncKey: SyncKey,
    {
      results = [],
      tellings = [],
      moreAvailable = false,
    }: { results?: readonly StepResult[]; tellings?: readonly Telling[]; moreAvailable?: boolean },
  ): Promise<CollectionSync> {
    const { serverIds } = this.services;
    const { address, folder } = this.collection;
    const ids = await serverIds.serverIds(
      address,
      tellings.map(({ id }) => id),
    );
    const changes = tellings.map((telling, at) => toServerChange(telling, ids[at] ?? ''));
    const ended = await Promise.all(results.map((result) => this.#toResult(result)));
    return { syncKey, itemClass: folder.itemClass, results: ended, changes, moreAvailable };
  }

  async #toResult({ status, error, itemId }: StepResult): Promise<ClientChangeResult> {
    const { serverIds } = this.services;
    return {
      status,
      ...(error && { error }),
      ...(itemId !== undefined && { serverId: await serverIds.serverId(this.collection.address, itemId) }),
    };
  }

  #openJournal({ key }: StateRow): Promise<ClientChangeJournal> {
    const { states, writer } = this.services;
    return ClientChangeJournal.open(states.store, this.collection.address, key, writer());
  }

  #itemIdOf(serverId: string): Promise<string | undefined> {
    return this.services.serverIds.itemId(this.collection.address, serverId);
  }

  #answersTo(key: SyncKey): StateRow[] {
    return this.#rows.filter(({ basedOn }) => basedOn === key);
  }

  /** What goes when another answer to `row` is added: all that is older, and the oldest of its answers. */
  #superseded(row: StateRow): StateRow[] {
    const kept = new Set([row, ...this.#answersTo(row.key).slice(1 - keptAnswers)]);
    return this.#rows.filter((one) => !kept.has(one));
  }

  #nextKey(): SyncKey {
    return nextSyncKey(this.services.clock.now(), this.#rows.at(-1)?.key);
  }
}

function toServerChange(telling: Telling, serverId: string): ServerChange {
  const { kind, item, flags } = telling;
  if (kind === 'flags' && flags) return { kind, serverId, flags };
  if ((kind === 'add' || kind === 'change') && item) return { kind, serverId, item };
  return { kind: kind === 'softDelete' ? kind : 'delete', serverId };
}
