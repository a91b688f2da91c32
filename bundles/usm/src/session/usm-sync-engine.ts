import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type ClusterBus,
  type DatabaseConnection,
  DisposableStore,
  type GroupwareBridge,
  type Logger,
  type OpenRequest,
  type SyncEngine,
  type SyncSession,
  type Tracer,
  untraced,
  type VerifyRequest,
} from '@oxtender/bundle-api';
import type { UsmOptions } from '../config';
import { HierarchyCache } from '../hierarchy/hierarchy-states';
import { StateCache } from '../state/state-cache';
import { CollectionStates } from '../sync/collection-states';
import { FolderIds } from '../tables/folder-ids';
import { IdMapping } from '../tables/id-mapping';
import { ItemMoveStore } from '../tables/item-move-store';
import { ServerIds } from '../tables/server-ids';
import { SessionStore } from '../tables/session-store';
import { SkippedItems } from '../tables/skipped-items';
import { StateStore } from '../tables/state-store';
import { UserWatches } from '../wait/user-watches';
import { Waits } from '../wait/waits';
import { CollectionLocks } from './collection-locks';
import { DeviceSessions } from './device-sessions';
import { LoginCache } from './login-cache';
import { RequestLimit } from './request-limit';
import type { UsmServices } from './usm-services';
import { UsmSyncSession } from './usm-sync-session';

/** Milliseconds between two sweeps of what is kept in memory. */
const sweepInterval = 60_000;

/** What the engine stands on. */
export interface EngineParts {
  readonly bridge: GroupwareBridge;
  readonly connection: DatabaseConnection;
  readonly bus: ClusterBus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tracer?: Tracer;
  readonly options: UsmOptions;
}

export class UsmSyncEngine implements SyncEngine, AsyncDisposable {
  readonly services: UsmServices;
  readonly #logins: LoginCache;
  readonly #held = new DisposableStore();

  constructor({ bridge, connection, bus, clock, log, tracer = untraced, options }: EngineParts) {
    const host = randomUUID();
    const mapping = new IdMapping(connection);
    const states = new CollectionStates(new StateStore(connection), new StateCache(options.stateCacheSize), options);
    this.#logins = this.#held.add(new LoginCache(bridge, clock, options.sessionTimeout));
    this.services = {
      ...{ clock, log, tracer, states },
      newKeyOnEmptySync: options.newKeyOnEmptySync,
      writer: () => ({ host, isAlone: !bus.connected, now: clock.now() }),
      serverIds: new ServerIds(mapping),
      folderIds: new FolderIds(mapping),
      hierarchies: new HierarchyCache(),
      skipped: new SkippedItems(connection),
      moves: new ItemMoveStore(connection, clock),
      sessions: this.#held.add(new DeviceSessions(new SessionStore(connection), mapping, bus, clock, options)),
      locks: new CollectionLocks(bus, clock, options.collectionWait),
      limit: new RequestLimit(options.requestsPerUser),
      watches: this.#held.add(new UserWatches(bus, clock, options)),
      waits: this.#held.add(new Waits(bus, clock, log)),
    };
    this.#held.add(clock.setInterval(() => this.#logins.sweep(), sweepInterval));
  }

  async open({ credentials, protocol, device, requestId, signal }: OpenRequest): Promise<SyncSession> {
    const login = await this.#logins.open(credentials, {
      signal,
      ...(device.address !== undefined && { address: device.address }),
      ...(device.userAgent !== undefined && { userAgent: device.userAgent }),
      ...(requestId !== undefined && { requestId }),
    });
    try {
      const session = await this.services.sessions.open(login.groupware.user, protocol, device);
      return new UsmSyncSession(this.services, session, login, requestId);
    } catch (error) {
      login[Symbol.dispose]();
      throw error;
    }
  }

  async verify({ credentials, ...options }: VerifyRequest): Promise<void> {
    const login = await this.#logins.open(credentials, options);
    login[Symbol.dispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#held.dispose();
  }
}
