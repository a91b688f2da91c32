import { createHash } from 'node:crypto';
import type { DatabaseConnection } from '@oxtender/bundle-api';
import { boundedCache } from '../bounded-cache';
import type { CollectionAddress, SessionAddress } from './collection-address';

export interface SkippedRow {
  readonly objectId: number;
  readonly itemId: string;
  readonly reason: string;
  readonly since: number;
}

/** Items that a device does not get because they fail, for people to look at. */
export class SkippedItems {
  /** Which items are listed, per session: mostly none. */
  readonly #listed = boundedCache<Set<string>>(10_000);

  constructor(private readonly connection: DatabaseConnection) {}

  async list({ contextId, sessionId }: SessionAddress): Promise<SkippedRow[]> {
    return this.connection.dataSource.query<SkippedRow[]>(
      `SELECT objectID AS objectId, itemID AS itemId, reason, since FROM usmSkippedItem
       WHERE cid = ? AND usmSessionId = ? ORDER BY since`,
      [contextId, sessionId],
    );
  }

  async add(
    address: CollectionAddress,
    items: readonly { id: string; reason: string }[],
    since: number,
  ): Promise<void> {
    if (items.length === 0) return;
    const listed = await this.#load(address);
    for (const { id, reason } of items) {
      await this.connection.dataSource.query(
        `REPLACE INTO usmSkippedItem (cid, usmSessionId, objectID, itemHash, itemID, reason, since)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [...values(address), hashOf(id), id, reason.slice(0, 1000), since],
      );
      listed.add(listKey(address, id));
    }
  }

  /** These items are on the device, or gone. */
  async settle(address: CollectionAddress, itemIds: Iterable<string>): Promise<void> {
    const listed = await this.#load(address);
    if (listed.size === 0) return;
    for (const id of itemIds) {
      if (!listed.delete(listKey(address, id))) continue;
      await this.connection.dataSource.query(
        'DELETE FROM usmSkippedItem WHERE cid = ? AND usmSessionId = ? AND objectID = ? AND itemHash = ?',
        [...values(address), hashOf(id)],
      );
    }
  }

  async #load(address: CollectionAddress): Promise<Set<string>> {
    const key = `${address.contextId}/${address.sessionId}`;
    const known = this.#listed.get(key);
    if (known) return known;
    const rows = await this.list(address);
    const listed = new Set(rows.map(({ objectId, itemId }) => listKey({ objectId }, itemId)));
    this.#listed.set(key, listed);
    return listed;
  }
}

function values({ contextId, sessionId, objectId }: CollectionAddress): number[] {
  return [contextId, sessionId, objectId];
}

function listKey({ objectId }: { objectId: number }, itemId: string): string {
  return `${objectId}/${itemId}`;
}

function hashOf(itemId: string): string {
  return createHash('sha1').update(itemId).digest('base64');
}
