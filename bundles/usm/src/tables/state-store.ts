import {
  type Cancellable,
  type DatabaseConnection,
  isOxtenderError,
  type StatementResult,
  SyncError,
  type SyncKey,
} from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { CollectionAddress, SessionAddress } from './collection-address';

/** A stored state without its content. */
export interface StateRow {
  readonly key: SyncKey;
  /** Key with which the device asked when this state was made; empty for a beginning. */
  readonly basedOn: SyncKey;
  /** Fingerprint of the request that made it; empty when it had none. */
  readonly request: string;
  /** Grows when something changes what the device knows without giving it a new key. */
  readonly revision: number;
}

/** What one exchange writes. */
export interface StateCommit {
  /** The rows that were there when the exchange began: the commit fails when another host wrote meanwhile. */
  readonly expected: readonly StateRow[];
  readonly dropped: readonly SyncKey[];
  readonly added: StateRow;
  readonly element: Uint8Array;
  /** Of the changes that came with `added.basedOn`. */
  readonly journal?: StoredJournal | undefined;
}

/** A journal as it is stored. */
export interface StoredJournal {
  /** That was read; undefined when there was none. */
  readonly revision: number | undefined;
  readonly element: Uint8Array;
}

const where = 'cid = ? AND usmSessionId = ? AND objectID = ?';

/** Sync states in `USMDataStorage`, and the journal of the changes that led from one to the next. */
export class StateStore {
  constructor(private readonly connection: DatabaseConnection) {}

  /** States of a collection, oldest first. */
  rows(address: CollectionAddress): Promise<StateRow[]> {
    return this.connection.dataSource.query(
      `SELECT syncKey AS \`key\`, basedOn, request, revision FROM USMDataStorage WHERE ${where} ORDER BY syncKey`,
      values(address),
    );
  }

  /** The newest key of each of a session's collections. */
  async newestKeys({ contextId, sessionId }: SessionAddress): Promise<Map<number, SyncKey>> {
    const rows = await this.connection.dataSource.query<{ objectId: number; newest: SyncKey }[]>(
      `SELECT objectID AS objectId, MAX(syncKey) AS newest FROM USMDataStorage
       WHERE cid = ? AND usmSessionId = ? GROUP BY objectID`,
      [contextId, sessionId],
    );
    return new Map(rows.map(({ objectId, newest }) => [objectId, newest]));
  }

  async element(address: CollectionAddress, key: SyncKey): Promise<Buffer | undefined> {
    const found = await this.connection.dataSource.query<{ element: Buffer }[]>(
      `SELECT element FROM USMDataStorage WHERE ${where} AND syncKey = ?`,
      [...values(address), key],
    );
    return found[0]?.element;
  }

  async journal(address: CollectionAddress, key: SyncKey): Promise<{ revision: number; element: Buffer } | undefined> {
    const found = await this.connection.dataSource.query<{ revision: number; element: Buffer }[]>(
      `SELECT revision, element FROM usmClientChange WHERE ${where} AND syncKey = ?`,
      [...values(address), key],
    );
    return found[0];
  }

  /** @throws SyncError COLLECTION_BUSY when another host wrote it meanwhile */
  async writeJournal(address: CollectionAddress, key: SyncKey, journal: StoredJournal): Promise<void> {
    await writeJournal(this.connection.dataSource.manager, address, key, journal);
  }

  /** @throws SyncError COLLECTION_BUSY when the states are not those that were expected */
  async commit(address: CollectionAddress, commit: StateCommit, { signal }: Cancellable): Promise<void> {
    const { expected, dropped, added, element, journal } = commit;
    await this.transaction(
      async (manager) => {
        await this.#refuseInterleaving(manager, address, expected);
        if (dropped.length > 0) await this.#drop(manager, address, dropped);
        if (journal) await writeJournal(manager, address, added.basedOn, journal);
        await insertAlone(
          manager.query(
            `INSERT INTO USMDataStorage (cid, usmSessionId, objectID, syncKey, basedOn, request, revision, element)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
            [...values(address), added.key, added.basedOn, added.request, added.revision, element],
          ),
        );
      },
      { signal },
    );
  }

  /** Replaces a state by one that says the same of what the device knows, if it still is at that revision. */
  async refresh(address: CollectionAddress, { key, revision }: StateRow, element: Uint8Array): Promise<void> {
    await this.connection.dataSource.query(
      `UPDATE USMDataStorage SET element = ? WHERE ${where} AND syncKey = ? AND revision = ?`,
      [element, ...values(address), key, revision],
    );
  }

  /**
   * Replaces states by others that know more or less: each row's revision grows.
   *
   * @throws SyncError COLLECTION_BUSY when one is not at the revision that was read
   */
  async revise(
    manager: EntityManager,
    address: CollectionAddress,
    states: readonly { readonly row: StateRow; readonly element: Uint8Array }[],
  ): Promise<void> {
    for (const { row, element } of states) {
      const { affectedRows } = await manager.query<StatementResult>(
        `UPDATE USMDataStorage SET element = ?, revision = revision + 1
         WHERE ${where} AND syncKey = ? AND revision = ?`,
        [element, ...values(address), row.key, row.revision],
      );
      if (affectedRows === 0) throw busy();
    }
  }

  /** Rows are found by their whole key, or locked first; gaps between the rows of devices are everybody's. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>, options: Partial<Cancellable> = {}): Promise<T> {
    return this.connection.transaction(work, { ...options, isolation: 'read-committed' });
  }

  async drop(address: CollectionAddress, keys: readonly SyncKey[]): Promise<void> {
    await this.transaction((manager) => this.#drop(manager, address, keys));
  }

  /** Forgets all states of a collection. */
  async clear(address: CollectionAddress): Promise<void> {
    await this.transaction(async (manager) => {
      await manager.query(`DELETE FROM USMDataStorage WHERE ${where}`, values(address));
      await manager.query(`DELETE FROM usmClientChange WHERE ${where}`, values(address));
    });
  }

  async #refuseInterleaving(
    manager: EntityManager,
    address: CollectionAddress,
    expected: readonly StateRow[],
  ): Promise<void> {
    const forUpdate = this.connection.dialect === 'mysql' ? ' FOR UPDATE' : '';
    const found = await manager.query<{ key: SyncKey; revision: number }[]>(
      `SELECT syncKey AS \`key\`, revision FROM USMDataStorage WHERE ${where} ORDER BY syncKey${forUpdate}`,
      values(address),
    );
    const same =
      found.length === expected.length &&
      found.every(({ key, revision }, at) => key === expected[at]?.key && revision === expected[at].revision);
    if (!same) throw busy();
  }

  async #drop(manager: EntityManager, address: CollectionAddress, keys: readonly SyncKey[]): Promise<void> {
    const list = keys.map(() => '?').join(', ');
    const parameters = [...values(address), ...keys];
    await manager.query(`DELETE FROM USMDataStorage WHERE ${where} AND syncKey IN (${list})`, parameters);
    await manager.query(`DELETE FROM usmClientChange WHERE ${where} AND syncKey IN (${list})`, parameters);
  }
}

function values({ contextId, sessionId, objectId }: CollectionAddress): number[] {
  return [contextId, sessionId, objectId];
}

async function writeJournal(
  manager: EntityManager,
  address: CollectionAddress,
  key: SyncKey,
  { revision, element }: StoredJournal,
): Promise<void> {
  if (revision === undefined) {
    await insertAlone(
      manager.query(
        `INSERT INTO usmClientChange (cid, usmSessionId, objectID, syncKey, revision, element) VALUES (?, ?, ?, ?, 0, ?)`,
        [...values(address), key, element],
      ),
    );
    return;
  }
  const { affectedRows } = await manager.query<StatementResult>(
    `UPDATE usmClientChange SET element = ?, revision = revision + 1 WHERE ${where} AND syncKey = ? AND revision = ?`,
    [element, ...values(address), key, revision],
  );
  if (affectedRows === 0) throw busy();
}

/** @throws SyncError COLLECTION_BUSY when another host inserted it meanwhile */
async function insertAlone(inserted: Promise<unknown>): Promise<void> {
  try {
    await inserted;
  } catch (error) {
    throw isOxtenderError(error, 'DUPLICATE') ? busy(error) : error;
  }
}

function busy(cause?: unknown): SyncError {
  return new SyncError('COLLECTION_BUSY', 'another host works on the collection', { cause, retryable: true });
}
