import type { ItemVersion, SyncKey } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { addressText, type CollectionAddress } from '../tables/collection-address';
import type { StateRow } from '../tables/state-store';
import type { WatchPoint } from '../wait/watch-point';
import type { CollectionState } from './collection-state';

/** A state in memory. It may be ahead of the stored one in what the groupware has, never in what the device knows. */
export interface CachedState {
  readonly revision: number;
  readonly state: CollectionState;
  /** Records that came with the last listing at no cost. */
  readonly listed: ReadonlyMap<string, ItemVersion>;
  /** The groupware was asked after this point of the user's watch. */
  readonly asked: WatchPoint | undefined;
  /** True when the marks are not those that are stored. */
  readonly isAhead: boolean;
  /** The groupware was asked for conversations as wholes. */
  readonly conversations?: boolean | undefined;
}

export const noRecords: ReadonlyMap<string, ItemVersion> = new Map();

/** Rough size of a record that is kept, in bytes. */
const recordSize = 1500;
/** More records of one listing are not kept. */
const maxRecords = 2000;

/** States that were used last, packed. */
export class StateCache {
  readonly #states: LRUCache<string, CachedState>;

  /** @param maxSize - bytes */
  constructor(maxSize: number) {
    this.#states = new LRUCache({ maxSize, sizeCalculation: sizeOf });
  }

  get(address: CollectionAddress, row: StateRow): CachedState | undefined {
    const cached = this.#states.get(cacheKey(address, row.key));
    return cached?.revision === row.revision ? cached : undefined;
  }

  set(address: CollectionAddress, key: SyncKey, cached: CachedState): void {
    cached.state.pack();
    const isLarge = cached.listed.size > maxRecords;
    this.#states.set(cacheKey(address, key), isLarge ? { ...cached, listed: noRecords } : cached);
  }

  delete(address: CollectionAddress, key: SyncKey): void {
    this.#states.delete(cacheKey(address, key));
  }

  get size(): number {
    return this.#states.calculatedSize;
  }
}

function cacheKey(address: CollectionAddress, key: SyncKey): string {
  return `${addressText(address)}/${key}`;
}

function sizeOf({ state, listed }: CachedState): number {
  return 500 + state.packedSize + listed.size * recordSize;
}
