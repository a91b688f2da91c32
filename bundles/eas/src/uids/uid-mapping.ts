import type { DatabaseConnection, GroupwareUser } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { deviceUid } from './device-uid';

type UserKey = Pick<GroupwareUser, 'contextId' | 'userId'>;

/** The calendar's UIDs behind those that devices of a user got in their place. */
export interface UidMapping {
  /** Before a device is told of events: knows those again whose UIDs are too long for it. */
  remember(user: UserKey, uids: Iterable<string>): Promise<void>;
  /** The calendar's UID for one that a device sent: its own when it stands for no other. */
  original(user: UserKey, uid: string): Promise<string>;
}

/** {@link UidMapping} in `easUIDMapping`. */
export class StoredUidMapping implements UidMapping {
  /** What is stored for sure. */
  readonly #stored = new LRUCache<string, true>({ max: 10_000 });

  constructor(private readonly connection: DatabaseConnection) {}

  async remember({ contextId, userId }: UserKey, uids: Iterable<string>): Promise<void> {
    for (const uid of uids) {
      const short = deviceUid(uid);
      const key = `${contextId}/${userId}/${short}`;
      if (short === uid || this.#stored.has(key)) continue;
      await this.connection.dataSource.query(
        'REPLACE INTO easUIDMapping (cid, id, shortUID, longUID) VALUES (?, ?, ?, ?)',
        [contextId, userId, short, uid],
      );
      this.#stored.set(key, true);
    }
  }

  async original({ contextId, userId }: UserKey, uid: string): Promise<string> {
    const rows = await this.connection.dataSource.query<{ longUID: string }[]>(
      'SELECT longUID FROM easUIDMapping WHERE cid = ? AND id = ? AND shortUID = ?',
      [contextId, userId, uid],
    );
    return rows[0]?.longUID ?? uid;
  }
}
