import { type Cancellable, type Clock, type ClusterBus, type ClusterLock, SyncError } from '@oxtender/bundle-api';
import { addressText, type CollectionAddress } from '../tables/collection-address';

/** Keeps requests for one collection apart, on this host and on others. */
export class CollectionLocks {
  /** @param wait - milliseconds until a request gives up */
  constructor(
    private readonly bus: ClusterBus,
    private readonly clock: Clock,
    private readonly wait: number,
  ) {}

  /** @throws SyncError COLLECTION_BUSY */
  async exclusively<T>(
    addresses: readonly CollectionAddress[],
    options: Cancellable,
    work: () => Promise<T>,
  ): Promise<T> {
    const names = namesOf(addresses);
    const held: ClusterLock[] = [];
    try {
      for (const name of names) held.push((await this.bus.tryLock(name)) ?? (await this.#waitFor(name, options)));
      return await work();
    } finally {
      for (const lock of held.reverse()) await lock[Symbol.asyncDispose]();
    }
  }

  async #waitFor(name: string, { signal }: Cancellable): Promise<ClusterLock> {
    const tooLong = new AbortController();
    const timer = this.clock.setTimeout(() => {
      tooLong.abort(new SyncError('COLLECTION_BUSY', 'another request works on the collection', { retryable: true }));
    }, this.wait);
    try {
      return await this.bus.lock(name, { signal: AbortSignal.any([signal, tooLong.signal]) });
    } finally {
      timer[Symbol.dispose]();
    }
  }
}

/** In one order everywhere, so that two requests never wait for each other. */
function namesOf(addresses: readonly CollectionAddress[]): readonly string[] {
  const names = addresses.map((address) => `usm/${addressText(address)}`);
  return names.length > 1 ? [...new Set(names)].sort() : names;
}
