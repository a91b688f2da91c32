import type { DeviceRecord } from '@oxtender/bundle-api';
import type { StoredSession } from '../tables/session-store';
import type { SessionAddress } from '../tables/collection-address';
import type { WatchPoint } from '../wait/watch-point';

/** A device's session in memory, shared by all its requests on this host. */
export class DeviceSession {
  readonly address: SessionAddress;
  record: DeviceRecord;
  /** When the stored row was read. */
  readonly loadedAt: number;
  /** When {@link DeviceRecord.lastSeen} was written. */
  seenWrittenAt: number;
  /** The groupware's folders were found to be those that the device knows, after this point of the user's watch. */
  hierarchyAsked: WatchPoint | undefined;

  constructor(
    { address, record }: StoredSession,
    public fields: Map<string, string>,
    loadedAt: number,
  ) {
    this.address = address;
    this.record = record;
    this.loadedAt = loadedAt;
    this.seenWrittenAt = record.lastSeen;
  }
}
