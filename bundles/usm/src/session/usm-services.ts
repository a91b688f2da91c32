import type { Clock, Logger, Tracer } from '@oxtender/bundle-api';
import type { HierarchyServices } from '../hierarchy/hierarchy-exchange';
import type { HierarchyCache } from '../hierarchy/hierarchy-states';
import type { ExchangeServices } from '../sync/exchange';
import type { FolderIds } from '../tables/folder-ids';
import type { ItemMoveStore } from '../tables/item-move-store';
import type { UserWatches } from '../wait/user-watches';
import type { Waits } from '../wait/waits';
import type { CollectionLocks } from './collection-locks';
import type { DeviceSessions } from './device-sessions';
import type { RequestLimit } from './request-limit';

/** What the sessions of all devices share. */
export interface UsmServices extends ExchangeServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly sessions: DeviceSessions;
  readonly folderIds: FolderIds;
  readonly hierarchies: HierarchyCache;
  readonly moves: ItemMoveStore;
  readonly locks: CollectionLocks;
  readonly limit: RequestLimit;
  readonly watches: UserWatches;
  readonly waits: Waits;
}

/** What of them the list of folders needs. */
export function hierarchyServices({ states, folderIds, clock, hierarchies, writer }: UsmServices): HierarchyServices {
  return { store: states.store, cache: hierarchies, folderIds, clock, writer };
}
