import type { Clock, DatabaseConnection, ServerId } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { SessionAddress } from './collection-address';

/** Moves that a device asked for, so that asking again gives the same answer. */
export class ItemMoveStore {
  constructor(
    private readonly connection: DatabaseConnection,
    private readonly clock: Clock,
  ) {}

  /** The id that an item got when it was moved. */
  async find(session: SessionAddress, source: ServerId): Promise<ServerId | undefined> {
    const rows = await this.connection.dataSource.query<{ target: ServerId }[]>(
      'SELECT target FROM usmItemMove WHERE cid = ? AND usmSessionId = ? AND source = ?',
      [session.contextId, session.sessionId, source],
    );
    return rows[0]?.target;
  }

  async add(
    manager: EntityManager,
    session: SessionAddress,
    moves: readonly { source: ServerId; target: ServerId }[],
  ): Promise<void> {
    for (const { source, target } of moves) {
      await manager.query(
        'REPLACE INTO usmItemMove (cid, usmSessionId, source, target, movedAt) VALUES (?, ?, ?, ?, ?)',
        [session.contextId, session.sessionId, source, target, this.clock.now()],
      );
    }
  }

  /** Forgets moves that no device asks for any more. */
  async forgetBefore(instant: number): Promise<void> {
    await this.connection.dataSource.query('DELETE FROM usmItemMove WHERE movedAt < ?', [instant]);
  }
}
