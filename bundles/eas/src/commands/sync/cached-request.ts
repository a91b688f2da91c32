import type { SyncSession } from '@oxtender/bundle-api';
import type { LRUCache } from 'lru-cache';
import type { CollectionRequest, SyncRequest } from './request';

/** What a request asked for, without its changes: what an empty or partial request leaves unsaid. */
export interface CachedRequest {
  readonly collections: readonly CachedCollection[];
  readonly wait?: number;
  readonly heartbeatInterval?: number;
  readonly windowSize?: number;
}

type CachedCollection = Pick<
  CollectionRequest,
  'collectionId' | 'syncKey' | 'deletesAsMoves' | 'getChanges' | 'windowSize'
> & {
  readonly class?: string;
};

const field = 'eas.sync.request';

/**
 * The last Sync of each device. [MS-ASCMD] "Empty Sync Request", "Partial".
 *
 * In memory with the keys as they were answered; durable only when the answer was empty, since that is when the next
 * request may be empty. A device whose request is not found is told so (status 13) and sends it in full.
 */
export class CachedRequests {
  /** Requests whose answer was empty, with what is stored of them: a device repeats such a request. */
  readonly #durable = new WeakMap<SyncRequest, { readonly cached: CachedRequest; readonly text: string }>();

  constructor(private readonly memory: LRUCache<string, CachedRequest>) {}

  get(session: SyncSession): CachedRequest | undefined {
    const known = this.memory.get(keyOf(session));
    if (known) return known;
    const stored = session.fields.get(field);
    return stored === undefined ? undefined : (JSON.parse(stored) as CachedRequest);
  }

  /** @param keys - the keys that the answer gave, by collection */
  async put(
    session: SyncSession,
    request: SyncRequest,
    keys: ReadonlyMap<string, string>,
    answeredEmpty: boolean,
  ): Promise<void> {
    const repeated = answeredEmpty ? this.#durable.get(request) : undefined;
    const cached = repeated?.cached ?? toCache(request, keys);
    this.memory.set(keyOf(session), cached);
    if (!answeredEmpty) return;
    const text = repeated?.text ?? JSON.stringify(cached);
    if (!repeated) this.#durable.set(request, { cached, text });
    if (session.fields.get(field) !== text) await session.fields.set({ [field]: text });
  }
}

/** A cached request in the form of a full one. */
export function toRequest(cached: CachedRequest): SyncRequest {
  return {
    collections: cached.collections.map((collection) => ({
      ...collection,
      class: collection.class,
      notifyGuid: undefined,
      supported: undefined,
      conversationMode: undefined,
      options: [],
      commands: [],
    })),
    wait: cached.wait,
    heartbeatInterval: cached.heartbeatInterval,
    windowSize: cached.windowSize,
    partial: false,
  };
}

/** What a partial request means: its collections replace or join the cached ones, the rest is as it was. */
export function mergePartial(cached: CachedRequest, partial: SyncRequest): SyncRequest {
  const base = toRequest(cached);
  const named = new Map(partial.collections.map((collection) => [collection.collectionId, collection]));
  const kept = base.collections.map((collection) => named.get(collection.collectionId) ?? collection);
  const known = new Set(base.collections.map(({ collectionId }) => collectionId));
  const waiting = partial.wait !== undefined || partial.heartbeatInterval !== undefined;
  return {
    collections: [...kept, ...partial.collections.filter(({ collectionId }) => !known.has(collectionId))],
    wait: waiting ? partial.wait : base.wait,
    heartbeatInterval: waiting ? partial.heartbeatInterval : base.heartbeatInterval,
    windowSize: partial.windowSize ?? base.windowSize,
    partial: false,
  };
}

function toCache(request: SyncRequest, keys: ReadonlyMap<string, string>): CachedRequest {
  return {
    collections: request.collections.map(
      ({ collectionId, syncKey, deletesAsMoves, getChanges, windowSize, ...rest }) => ({
        collectionId,
        syncKey: keys.get(collectionId) ?? syncKey,
        deletesAsMoves,
        getChanges,
        windowSize,
        ...(rest.class === undefined ? {} : { class: rest.class }),
      }),
    ),
    ...(request.wait === undefined ? {} : { wait: request.wait }),
    ...(request.heartbeatInterval === undefined ? {} : { heartbeatInterval: request.heartbeatInterval }),
    ...(request.windowSize === undefined ? {} : { windowSize: request.windowSize }),
  };
}

function keyOf({ device }: SyncSession): string {
  return `${device.contextId}/${device.userId}/${device.deviceId}`;
}
