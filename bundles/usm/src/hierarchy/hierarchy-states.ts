import { hash } from 'node:crypto';
import { type Cancellable, type Clock, SyncError, type SyncKey } from '@oxtender/bundle-api';
import { boundedCache } from '../bounded-cache';
import { isSyncKey, keptAnswers, nextSyncKey } from '../sync/sync-key';
import { addressText, type CollectionAddress } from '../tables/collection-address';
import type { StateRow, StateStore } from '../tables/state-store';
import { decodeHierarchy, encodeHierarchy, type HierarchyState, isSameHierarchy } from './hierarchy-state';

/** A folder hierarchy as a device knows it under one key. */
export interface KnownHierarchy {
  readonly row: StateRow;
  readonly folders: HierarchyState;
}

/** Hierarchies that were used last, unpacked; a key's hierarchy never changes, and devices of one user share theirs. */
export class HierarchyCache {
  readonly #hierarchies = boundedCache<HierarchyState>(20_000);
  /** The same by a hash of what is stored. */
  readonly #contents = boundedCache<HierarchyState>(5_000);

  get(address: CollectionAddress, key: SyncKey): HierarchyState | undefined {
    return this.#hierarchies.get(`${addressText(address)}/${key}`);
  }

  /** @param element - as stored @param decode - for content that no other device has */
  set(address: CollectionAddress, key: SyncKey, element: Uint8Array, decode: () => HierarchyState): HierarchyState {
    const digest = hash('sha1', element, 'base64');
    const folders = this.#contents.get(digest) ?? decode();
    this.#contents.set(digest, folders);
    this.#hierarchies.set(`${addressText(address)}/${key}`, folders);
    return folders;
  }
}

/** What hierarchies of all devices share. */
export interface HierarchyStorage {
  readonly store: StateStore;
  readonly cache: HierarchyCache;
  readonly clock: Clock;
}

/** States of one device's folder hierarchy, as they were when the request began. */
export class HierarchyStates {
  private constructor(
    private readonly storage: HierarchyStorage,
    private readonly address: CollectionAddress,
    private readonly rows: readonly StateRow[],
  ) {}

  static async open(storage: HierarchyStorage, address: CollectionAddress): Promise<HierarchyStates> {
    return new HierarchyStates(storage, address, await storage.store.rows(address));
  }

  /** @throws SyncError INVALID_SYNC_KEY */
  async find(key: SyncKey): Promise<KnownHierarchy> {
    const row = isSyncKey(key) ? this.rows.find((one) => one.key === key) : undefined;
    if (!row) throw new SyncError('INVALID_SYNC_KEY', 'neither the newest sync key of the folders nor the one before');
    return { row, folders: await this.#load(row) };
  }

  /** What the device was told last; undefined before the first time. */
  async newest(): Promise<KnownHierarchy | undefined> {
    const row = this.rows.at(-1);
    return row && { row, folders: await this.#load(row) };
  }

  /** The answer that the same request got before. */
  async answerTo(basedOn: SyncKey, request: string): Promise<KnownHierarchy | undefined> {
    const row = this.rows.findLast((one) => one.basedOn === basedOn && one.request === request);
    return row && { row, folders: await this.#load(row) };
  }

  /**
   * Stores what the device is told, under a new key; a repeat of a request that finds the same gets the same key.
   *
   * @param basedOn - key with which the device asked; empty for the beginning, which leaves the other states alone until
   * its key is used, for the request may be a late repeat
   */
  async add(
    { basedOn, request, folders }: { basedOn: SyncKey; request: string; folders: HierarchyState },
    { signal }: Cancellable,
  ): Promise<SyncKey> {
    const same = await this.answerTo(basedOn, request);
    if (same && isSameHierarchy(same.folders, folders) && !this.#isUsed(same.row)) return same.row.key;
    const { store, cache, clock } = this.storage;
    const key = nextSyncKey(clock.now(), this.rows.at(-1)?.key);
    const added = { key, basedOn, request, revision: 0 };
    const dropped = this.#superseded(basedOn).map((row) => row.key);
    const element = encodeHierarchy(folders);
    await store.commit(this.address, { expected: this.rows, dropped, added, element }, { signal });
    cache.set(this.address, key, element, () => folders);
    return key;
  }

  async #load({ key }: StateRow): Promise<HierarchyState> {
    const { store, cache } = this.storage;
    const cached = cache.get(this.address, key);
    if (cached) return cached;
    const element = await store.element(this.address, key);
    if (!element) throw new SyncError('INVALID_SYNC_KEY', 'the state was dropped meanwhile');
    return cache.set(this.address, key, element, () => decodeHierarchy(element));
  }

  #isUsed({ key }: StateRow): boolean {
    return this.rows.some(({ basedOn }) => basedOn === key);
  }

  /** What goes when another answer is added. Late repeats add some too: which of them the device has is not known yet. */
  #superseded(basedOn: SyncKey): StateRow[] {
    const answers = this.rows.filter((row) => row.basedOn === basedOn && !this.#isUsed(row));
    if (basedOn === '') return answers.slice(0, 1 - keptAnswers);
    const kept = new Set([this.rows.find(({ key }) => key === basedOn), ...answers.slice(1 - keptAnswers)]);
    return this.rows.filter((row) => !kept.has(row));
  }
}
