import { isOxtenderError, type SyncFolder } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import {
  type Answer,
  type Command,
  type CommandCall,
  type CommandServices,
  describeCommand,
  LaterAnswer,
} from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { foldersById } from '../../lookup/folders-by-id';
import { AirSync, type Element, element } from '../../wbxml';
import { Outbox } from '../send/outbox';
import { type CachedRequest, CachedRequests, mergePartial, toRequest } from './cached-request';
import { type CollectionOutcome, defaultWindowSize, isSilent, syncCollection } from './collection';
import { storedOptions } from './collection-options';
import { itemFilter } from './filter';
import { waitTime } from './interval';
import { type CollectionRequest, type SyncRequest, syncRequest } from './request';
import { SyncStatus } from './status';

/** Devices whose last request is remembered. */
const rememberedRequests = 20_000;

/** Collections of one request that are worked on at the same time. */
const parallel = 4;

/**
 * [MS-ASCMD] "Sync": the device's changes up, the server's down, in windows; and waiting for changes.
 *
 * The request is completed (empty, partial), checked, carried out collection by collection, and answered; when there was
 * nothing to tell and the device wants to wait, once more after something changed.
 */
export class Sync implements Command<typeof syncRequest> {
  static readonly descriptor = describeCommand({
    name: 'Sync',
    root: AirSync.Sync,
    request: syncRequest,
    status: { malformed: SyncStatus.ProtocolError, serverError: SyncStatus.ServerError },
  });

  readonly #cached = new CachedRequests(new LRUCache<string, CachedRequest>({ max: rememberedRequests }));

  readonly #outbox: Outbox;

  constructor(private readonly services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(received: SyncRequest | undefined, call: CommandCall): Promise<Answer | LaterAnswer> {
    if (received && isPartialOfNothing(received)) return fatal(SyncStatus.ProtocolError);
    const request = this.#complete(received, call);
    if (!request) return fatal(SyncStatus.NoCachedRequest);
    const waiting = waitTime(request, this.services.config);
    if (waiting.kind === 'both') return fatal(SyncStatus.ProtocolError);
    if (waiting.kind === 'limit') return fatal(SyncStatus.IntervalOutOfRange, waiting.limit);
    const most = this.services.config['com.openexchange.usm.eas.max_collections'];
    if (request.collections.length > most) return fatal(SyncStatus.TooManyCollections, most);

    const folders = foldersById(await call.session.folders(call));
    const unknown = request.collections.find(({ collectionId }) => !folders.has(collectionId));
    if (unknown) {
      call.log.info('collection is unknown, the device must sync its folders', { collection: unknown.collectionId });
      return fatal(SyncStatus.HierarchyChanged);
    }
    const outcomes = await this.#syncAll(request, folders, call);
    if (waiting.kind !== 'wait' || !outcomes.every(isSilent)) return this.#answer(request, outcomes, call);
    const later = this.#wait(request, folders, waiting.milliseconds, call).then(async (result) => {
      if (result === 'hierarchy') return fatal(SyncStatus.HierarchyChanged);
      if (result === 'nothing') return this.#answer(request, outcomes, call);
      return this.#answer(request, await this.#syncAll(withoutCommands(request), folders, call), call);
    });
    return new LaterAnswer(later);
  }

  /** The request in full; `undefined` when it leans on one that is not known. */
  #complete(received: SyncRequest | undefined, call: CommandCall): SyncRequest | undefined {
    if (received && !received.partial && received.collections.length > 0) return received;
    const cached = this.#cached.get(call.session);
    if (!cached) return received && waitsForNothing(received) ? received : undefined;
    return received ? mergePartial(cached, received) : toRequest(cached);
  }

  /** Collections in request order; with a global window one after the other until it is full, else some at a time. */
  async #syncAll(
    request: SyncRequest,
    folders: ReadonlyMap<string, SyncFolder>,
    call: CommandCall,
  ): Promise<CollectionOutcome[]> {
    const outcomes: CollectionOutcome[] = [];
    let room = request.windowSize ?? Infinity;
    const width = request.windowSize === undefined ? parallel : 1;
    for (let first = 0; first < request.collections.length && room > 0; first += width) {
      const batch = request.collections.slice(first, first + width);
      const done = await Promise.all(batch.map((collection) => this.#syncOne(collection, folders, room, call)));
      outcomes.push(...done);
      room -= done.reduce((sum, { commands }) => sum + commands.length, 0);
    }
    return outcomes;
  }

  #syncOne(
    request: CollectionRequest,
    folders: ReadonlyMap<string, SyncFolder>,
    room: number,
    call: CommandCall,
  ): Promise<CollectionOutcome> {
    const folder = folders.get(request.collectionId) as SyncFolder;
    const windowSize = Math.min(request.windowSize ?? defaultWindowSize, room);
    const now = this.services.clock.now();
    const { config, uids, appliedMails } = this.services;
    const outbox = this.#outbox;
    return syncCollection({ request, folder, windowSize, now, config, outbox, uids, appliedMails }, call);
  }

  #wait(
    request: SyncRequest,
    folders: ReadonlyMap<string, SyncFolder>,
    timeout: number,
    { session, signal }: CommandCall,
  ): Promise<'changes' | 'hierarchy' | 'nothing'> {
    const { config, clock, draining: end } = this.services;
    const mailLimit = config['com.openexchange.usm.eas.mail.time_limit'];
    const collections = request.collections.map(({ collectionId }) => {
      const { itemClass } = folders.get(collectionId) as SyncFolder;
      const options = storedOptions(session, collectionId);
      return { collectionId, filter: itemFilter(itemClass, options, clock.now(), mailLimit) };
    });
    return session
      .wait({ collections, hierarchy: true, timeout, signal, end })
      .then((result) => (result.hierarchy ? 'hierarchy' : result.collections.length > 0 ? 'changes' : 'nothing'))
      .catch((error: unknown) => {
        // a folder that went away, or may not be read any more, while the device waited
        if (isOxtenderError(error, 'UNKNOWN_COLLECTION', 'HIERARCHY_CHANGED', 'NOT_FOUND', 'PERMISSION'))
          return 'hierarchy';
        throw error;
      });
  }

  /** [MS-ASCMD] "Empty Sync Response": from 12.1, when there is nothing to tell. */
  async #answer(request: SyncRequest, outcomes: readonly CollectionOutcome[], call: CommandCall): Promise<Answer> {
    if (outcomes.some(({ status }) => status === SyncStatus.HierarchyChanged))
      return fatal(SyncStatus.HierarchyChanged);
    const keys = new Map(outcomes.map((outcome) => [outcome.request.collectionId, outcome.syncKey]));
    const empty = isAtLeast(call.version, '12.1') && outcomes.every(isSilent);
    await this.#cached.put(call.session, request, keys, empty);
    if (empty) return undefined;
    return element(
      AirSync.Sync,
      element(
        AirSync.Collections,
        outcomes.map((each) => collectionElement(each, call)),
      ),
    );
  }
}

/** Android waits although it synchronises no folder: it may hear of new ones (Z-Hub/Z-Push, sync.php). */
function waitsForNothing({ partial, wait, heartbeatInterval }: SyncRequest): boolean {
  return !partial && (wait ?? heartbeatInterval) !== undefined;
}

/** Partial stands beside what is new. [MS-ASCMD] "Partial". */
function isPartialOfNothing({ partial, collections, wait, heartbeatInterval, windowSize }: SyncRequest): boolean {
  const says = [wait, heartbeatInterval, windowSize].some((value) => value !== undefined);
  return partial && !says && collections.length === 0;
}

function withoutCommands(request: SyncRequest): SyncRequest {
  return { ...request, collections: request.collections.map((collection) => ({ ...collection, commands: [] })) };
}

/** Fatal answers stand directly below Sync. [MS-ASCMD] "Status (Sync)". */
function fatal(status: number, limit?: number): Element {
  return element(
    AirSync.Sync,
    element(AirSync.Status, status),
    limit === undefined ? undefined : element(AirSync.Limit, limit),
  );
}

/** MoreAvailable stands before Commands: Windows Mobile needs it there. Empty Responses are refused by Windows Phone. */
function collectionElement(outcome: CollectionOutcome, call: CommandCall): Element {
  const { request, itemClass, syncKey, status, moreAvailable, commands, responses } = outcome;
  const failed = status !== SyncStatus.Success;
  return element(
    AirSync.Collection,
    isAtLeast(call.version, '14.0') ? undefined : element(AirSync.Class, itemClass),
    element(AirSync.SyncKey, failed && status === SyncStatus.InvalidSyncKey ? '0' : syncKey),
    element(AirSync.CollectionId, request.collectionId),
    element(AirSync.Status, status),
    moreAvailable ? element(AirSync.MoreAvailable) : undefined,
    commands.length > 0 ? element(AirSync.Commands, commands) : undefined,
    responses.length > 0 ? element(AirSync.Responses, responses) : undefined,
  );
}
