import type { DeviceRecord, SyncFolder } from '@oxtender/bundle-api';
import type { StoredFields, StoredSession } from '../tables/session-store';
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
  #folders: Promise<readonly SyncFolder[]> | undefined;

  constructor(
    { address, record }: StoredSession,
    public fields: StoredFields,
    loadedAt: number,
  ) {
    this.address = address;
    this.record = record;
    this.loadedAt = loadedAt;
    this.seenWrittenAt = record.lastSeen;
  }

  field(name: string): string | undefined {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** The folders that the device was told last: read once, until they change. */
  folders(read: () => Promise<readonly SyncFolder[]>): Promise<readonly SyncFolder[]> {
    if (this.#folders) return this.#folders;
    const reading = read();
    this.#folders = reading;
    reading.catch(() => {
      if (this.#folders === reading) this.foldersChanged();
    });
    return reading;
  }

  foldersChanged(): void {
    this.#folders = undefined;
  }
}
