import { createHash } from 'node:crypto';
import type { DatabaseConnection } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import { boundedCache } from '../bounded-cache';
import type { SessionAddress } from './collection-address';
import { Sequence } from './sequence';

const cachedIds = 200_000;
/** Long ids in one statement. */
const batch = 200;

interface MappingRow {
  readonly shortID: number;
  readonly longHash: string;
  readonly longID: string;
}

/** Short ids up to which a look through all of them is cheap. */
const few = 32;

/** Ids of one device, as far as they were asked for. Thousands of devices have a dozen each: they take no more than that. */
class KnownIds {
  /** By short id, which count from 1. */
  readonly #long: (string | undefined)[] = [];
  /** Of a device with many. */
  #short: Map<string, number> | undefined;
  size = 0;

  longId(shortId: number): string | undefined {
    return this.#long[shortId];
  }

  shortId(longId: string): number | undefined {
    if (this.#short) return this.#short.get(longId);
    const shortId = this.#long.indexOf(longId);
    return shortId < 0 ? undefined : shortId;
  }

  add({ longID, shortID }: MappingRow): void {
    if (this.#long[shortID] === undefined) this.size += 1;
    this.#long[shortID] = longID;
    if (this.#short) this.#short.set(longID, shortID);
    else if (this.#long.length > few)
      this.#short = new Map(this.#long.flatMap((one, at) => (one === undefined ? [] : [[one, at]])));
  }
}

/** Long ids and the short numbers that stand for them on one device: never reused, stable over restarts. */
export class IdMapping {
  readonly #known = boundedCache<KnownIds>(cachedIds);
  readonly #ids: Sequence;

  constructor(private readonly connection: DatabaseConnection) {
    this.#ids = new Sequence(connection, 'usmIdSequenceTable', ['cid', 'usmSessionId']);
  }

  /** Short ids in the order of `longIds`; made where there are none. */
  async shortIds(session: SessionAddress, longIds: readonly string[]): Promise<number[]> {
    const found = new Map<string, number>();
    const known = this.#known.get(sessionKey(session));
    const missing = new Set<string>();
    for (const longId of longIds) {
      const shortId = known?.shortId(longId);
      if (shortId === undefined) missing.add(longId);
      else found.set(longId, shortId);
    }
    for (const part of batches([...missing])) {
      const rows = await this.#find(session, part);
      const there = new Set(rows.map(({ longID }) => longID));
      const unknown = part.filter((longId) => !there.has(longId));
      if (unknown.length > 0) rows.push(...(await this.#allocate(session, unknown)));
      for (const { longID, shortID } of rows) found.set(longID, shortID);
    }
    return longIds.map((longId) => found.get(longId) ?? -1);
  }

  /** Undefined for a number that was never given out. */
  async longId(session: SessionAddress, shortId: number): Promise<string | undefined> {
    const known = this.#known.get(sessionKey(session))?.longId(shortId);
    if (known !== undefined) return known;
    const query = (): Promise<MappingRow[]> =>
      this.connection.dataSource.query(
        'SELECT shortID, longHash, longID FROM usmIdMapping WHERE cid = ? AND usmSessionId = ? AND shortID = ?',
        [session.contextId, session.sessionId, shortId],
      );
    const [row] = await this.#remembering(session, query);
    return row?.longID;
  }

  /** Lets a short id stand for another long one, when the engine itself caused the change. */
  async rename(session: SessionAddress, changes: readonly { from: string; to: string }[]): Promise<void> {
    await this.connection.transaction(async (manager) => {
      for (const { from, to } of changes) {
        // Done already when this is the repeat of a request whose answer was lost.
        if ((await select(manager, session, [hashOf(from)])).length === 0) continue;
        await manager.query('DELETE FROM usmIdMapping WHERE cid = ? AND usmSessionId = ? AND longHash = ?', [
          session.contextId,
          session.sessionId,
          hashOf(to),
        ]);
        await manager.query(
          'UPDATE usmIdMapping SET longHash = ?, longID = ? WHERE cid = ? AND usmSessionId = ? AND longHash = ?',
          [hashOf(to), to, session.contextId, session.sessionId, hashOf(from)],
        );
      }
    });
    this.forget(session);
  }

  /** After another host changed them. */
  forget(session: SessionAddress): void {
    this.#known.delete(sessionKey(session));
  }

  #find(session: SessionAddress, longIds: readonly string[]): Promise<MappingRow[]> {
    const { manager } = this.connection.dataSource;
    return this.#remembering(session, () => select(manager, session, longIds.map(hashOf)));
  }

  async #allocate(session: SessionAddress, longIds: readonly string[]): Promise<MappingRow[]> {
    return this.#remembering(session, async () => {
      const made = await this.#insert(session, longIds);
      if (!made) await this.#ids.begin([session.contextId, session.sessionId]);
      return made ?? (await this.#insert(session, longIds)) ?? [];
    });
  }

  /** @returns undefined when the session has no sequence yet */
  #insert(session: SessionAddress, longIds: readonly string[]): Promise<MappingRow[] | undefined> {
    const key = [session.contextId, session.sessionId];
    const hashes = longIds.map(hashOf);
    const insert = async (manager: EntityManager): Promise<MappingRow[] | undefined> => {
      const last = await this.#ids.advance(manager, key, longIds.length);
      if (last === undefined) return undefined;
      const taken = new Set((await select(manager, session, hashes)).map(({ longHash }) => longHash));
      const values = longIds.flatMap((longID, at) => {
        const longHash = hashes[at] ?? '';
        return taken.has(longHash) ? [] : [...key, last - longIds.length + 1 + at, longHash, longID];
      });
      if (values.length > 0) {
        const tuples = Array.from({ length: values.length / 5 }, () => '(?, ?, ?, ?, ?)').join(', ');
        await manager.query(
          `INSERT INTO usmIdMapping (cid, usmSessionId, shortID, longHash, longID) VALUES ${tuples}`,
          values,
        );
      }
      return select(manager, session, hashes);
    };
    return this.connection.transaction(insert, { isolation: 'read-committed' });
  }

  /** What is forgotten while the query runs stays so. */
  async #remembering(session: SessionAddress, query: () => Promise<MappingRow[]>): Promise<MappingRow[]> {
    const key = sessionKey(session);
    const known = this.#known.get(key) ?? new KnownIds();
    this.#known.set(key, known);
    const rows = await query();
    if (this.#known.get(key) !== known) return rows;
    for (const row of rows) known.add(row);
    // The cache asks for a size only of what it has not got.
    this.#known.delete(key);
    this.#known.set(key, known, { size: 1 + known.size });
    return rows;
  }
}

function select(manager: EntityManager, session: SessionAddress, hashes: readonly string[]): Promise<MappingRow[]> {
  const list = hashes.map(() => '?').join(', ');
  return manager.query(
    `SELECT shortID, longHash, longID FROM usmIdMapping WHERE cid = ? AND usmSessionId = ? AND longHash IN (${list})`,
    [session.contextId, session.sessionId, ...hashes],
  );
}

function hashOf(longId: string): string {
  return createHash('sha1').update(longId).digest('base64');
}

function* batches<T>(values: readonly T[]): Generator<T[]> {
  for (let at = 0; at < values.length; at += batch) yield values.slice(at, at + batch);
}

function sessionKey({ contextId, sessionId }: SessionAddress): string {
  return `${contextId}/${sessionId}`;
}
