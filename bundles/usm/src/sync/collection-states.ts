import { type Cancellable, SyncError } from '@oxtender/bundle-api';
import { type CachedState, noRecords, type StateCache } from '../state/state-cache';
import { decodeState, encodeState } from '../state/state-codec';
import type { Entry } from '../state/entry';
import type { CollectionAddress } from '../tables/collection-address';
import type { StateRow, StateStore } from '../tables/state-store';
import type { Collection } from './collection';
import type { DayFilter } from './item-filter';
import { type Listings, refreshState } from './server-changes';
import { isSyncKey } from './sync-key';

/** States of collections: from memory where they are still the stored ones, brought up to date with the groupware. */
export class CollectionStates {
  constructor(
    readonly store: StateStore,
    readonly cache: StateCache,
    private readonly options: { readonly maxObjectsPerFolder: number },
  ) {}

  /** Newest last. */
  rows(address: CollectionAddress): Promise<StateRow[]> {
    return this.store.rows(address);
  }

  /** @throws SyncError INVALID_SYNC_KEY */
  find(rows: readonly StateRow[], key: string): StateRow {
    const row = isSyncKey(key) ? rows.find((one) => one.key === key) : undefined;
    if (!row)
      throw new SyncError('INVALID_SYNC_KEY', 'neither the newest sync key of the collection nor the one before');
    return row;
  }

  async load(address: CollectionAddress, row: StateRow): Promise<CachedState> {
    const cached = this.cache.get(address, row);
    if (cached) return cached;
    const element = await this.store.element(address, row.key);
    if (!element) throw new SyncError('INVALID_SYNC_KEY', 'the state was dropped meanwhile');
    const state = decodeState(element);
    const loaded = { revision: row.revision, state, listed: noRecords, asked: undefined, isAhead: false };
    this.cache.set(address, row.key, loaded);
    return loaded;
  }

  /** Asks the groupware, unless the user's watch knows that nothing changed; remembers the answer. */
  async refresh(
    collection: Collection,
    row: StateRow,
    { filter, signal, listings = collection.groupware }: { filter: DayFilter; listings?: Listings } & Cancellable,
  ): Promise<CachedState> {
    const { address, folder, watch } = collection;
    const before = await this.load(address, row);
    const { conversations = false } = filter;
    const clean =
      (before.conversations ?? false) === conversations && watch?.isQuietSince(before.asked, folder) === true;
    const asked = clean ? before.asked : watch?.point;
    const maxItems = this.options.maxObjectsPerFolder;
    const options = { filter, clean, maxItems, listed: before.listed, signal };
    const { state, listed } = await refreshState(listings, folder, before.state, options);
    if (state === before.state && asked === before.asked) return before;
    const isAhead =
      before.isAhead || state.segments !== before.state.segments || before.state.header.token === undefined;
    const after = { revision: row.revision, state, listed, asked, isAhead, conversations };
    this.cache.set(address, row.key, after);
    return after;
  }

  /** As {@link CollectionStates.refresh}, with the filter of the device's last sync. */
  async refreshAsSynced(
    collection: Collection,
    row: StateRow,
    options: Cancellable & { listings?: Listings },
  ): Promise<CachedState> {
    const { state, conversations = false } = await this.load(collection.address, row);
    const { since, incompleteOnly } = state.header;
    return this.refresh(collection, row, { ...options, filter: { since, incompleteOnly, conversations } });
  }

  async drop(address: CollectionAddress, rows: readonly StateRow[]): Promise<void> {
    const keys = rows.map(({ key }) => key);
    await this.store.drop(address, keys);
    for (const key of keys) this.cache.delete(address, key);
  }

  /** What the device knows of an item under each of its keys, the newest first. */
  async knownItems(
    address: CollectionAddress,
    rows: readonly StateRow[],
    itemId: string,
  ): Promise<{ row: StateRow; entry: Entry }[]> {
    const known = [];
    for (const row of rows.toReversed()) {
      const entry = (await this.load(address, row)).state.get(itemId);
      if (entry?.hashes) known.push({ row, entry });
    }
    return known;
  }

  /** Stores a state that is ahead of the stored one under the same key. */
  async save(address: CollectionAddress, row: StateRow, cached: CachedState): Promise<void> {
    await this.store.refresh(address, row, encodeState(cached.state));
    this.cache.set(address, row.key, { ...cached, isAhead: false });
  }
}
