import {
  type DatabaseConnection,
  type DeviceAccess,
  type DeviceKey,
  type DeviceRecord,
  type WipeKind,
  type WipeState,
} from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import { boundedCache } from '../bounded-cache';
import type { SessionAddress } from './collection-address';
import { Sequence } from './sequence';

/** A device's session as it is stored. */
export interface StoredSession {
  readonly address: SessionAddress;
  readonly record: DeviceRecord;
}

interface SessionRow {
  readonly cid: number;
  readonly id: number;
  readonly protocol: string;
  readonly device: string;
  readonly usmSessionId: number;
  readonly login: string;
  readonly type: string;
  readonly userAgent: string | null;
  readonly protocolVersion: string | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly access: DeviceAccess;
  readonly accessReason: string | null;
  readonly wipeKind: WipeKind | null;
  readonly wipeState: WipeState['state'] | null;
  readonly wipeRequestedAt: number | null;
  readonly wipeChangedAt: number | null;
  readonly information: string | null;
}

/** Columns that may be written one by one. */
export type SessionColumns = Partial<Omit<SessionRow, 'cid' | 'id' | 'protocol' | 'device' | 'usmSessionId'>>;

/** What a query may ask for. */
export interface SessionQuery {
  readonly contextId?: number | undefined;
  readonly userId?: number | undefined;
  readonly login?: string | undefined;
  readonly protocol?: string | undefined;
  readonly deviceId?: string | undefined;
}

const columnOf: Record<keyof SessionQuery, string> = {
  contextId: 'cid',
  userId: 'id',
  login: 'login',
  protocol: 'protocol',
  deviceId: 'device',
};

/** Tables of what belongs to a session, `USMSession` last. */
const sessionTables = [
  'USMSessionFields',
  'USMDataStorage',
  'usmClientChange',
  'usmIdMapping',
  'usmIdSequenceTable',
  'usmItemMove',
  'usmSkippedItem',
  'USMSession',
];

/** By name. An object: those of one kind of phone have their shape in common, and take a quarter of what a map does. */
export type StoredFields = Record<string, string>;

/** Texts that are looked for among those of other devices, and the longest of them. */
const sharedTexts = 2000;
const longestShared = 200;

/** Devices in `USMSession`, and their fields. */
export class SessionStore {
  /** Names of fields, and values that phones of one kind have in common: one text for all devices. */
  readonly #texts = boundedCache<string>(sharedTexts);
  readonly #ids: Sequence;

  constructor(private readonly connection: DatabaseConnection) {
    this.#ids = new Sequence(connection, 'usmSessionIdSequenceTable', ['cid']);
  }

  async find(query: SessionQuery): Promise<StoredSession[]> {
    const given = (Object.keys(query) as (keyof SessionQuery)[]).filter((name) => query[name] !== undefined);
    const conditions = given.map((name) => `${columnOf[name]} = ?`).join(' AND ');
    const rows = await this.connection.dataSource.query<SessionRow[]>(
      `SELECT * FROM USMSession ${conditions === '' ? '' : `WHERE ${conditions}`} ORDER BY cid, id, protocol, device`,
      given.map((name) => query[name]),
    );
    return rows.map(toStored);
  }

  async get({ contextId, userId, protocol, deviceId }: DeviceKey): Promise<StoredSession | undefined> {
    const [found] = await this.find({ contextId, userId, protocol, deviceId });
    return found;
  }

  /** Sessions that nobody has used since. */
  async unusedSince(instant: number): Promise<StoredSession[]> {
    const rows = await this.connection.dataSource.query<SessionRow[]>('SELECT * FROM USMSession WHERE lastSeen < ?', [
      instant,
    ]);
    return rows.map(toStored);
  }

  /**
   * Makes a session, unless the user has `limit` of the protocol already.
   *
   * @returns undefined at the limit; the one that another host made at the same time, if one did
   */
  async create(record: DeviceRecord, limit: number): Promise<StoredSession | undefined> {
    const { contextId, userId, protocol, deviceId } = record;
    await this.#ids.begin([contextId]);
    return this.#alone(async (manager) => {
      // From here on no other device of the context is made until this one is.
      await this.#ids.hold(manager, [contextId]);
      const rows = await manager.query<SessionRow[]>(
        'SELECT * FROM USMSession WHERE cid = ? AND id = ? AND protocol = ?',
        [contextId, userId, protocol],
      );
      const same = rows.find(({ device }) => device === deviceId);
      if (same) return toStored(same);
      if (rows.length >= limit) return undefined;
      const sessionId = (await this.#ids.advance(manager, [contextId], 1)) ?? 1;
      await insert(manager, record, sessionId);
      return { address: { contextId, sessionId }, record };
    });
  }

  async update({ contextId, sessionId }: SessionAddress, columns: SessionColumns): Promise<void> {
    const names = Object.keys(columns) as (keyof SessionColumns)[];
    await this.connection.dataSource.query(
      `UPDATE USMSession SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE cid = ? AND usmSessionId = ?`,
      [...names.map((name) => columns[name] ?? null), contextId, sessionId],
    );
  }

  /** Forgets a session and all that belongs to it. */
  delete({ contextId, sessionId }: SessionAddress): Promise<void> {
    return this.#alone(async (manager) => {
      for (const table of sessionTables) {
        await manager.query(`DELETE FROM ${table} WHERE cid = ? AND usmSessionId = ?`, [contextId, sessionId]);
      }
    });
  }

  /** Forgets all sync states of a session, or of one collection. */
  forgetStates({ contextId, sessionId }: SessionAddress, objectId: number | undefined): Promise<void> {
    return this.#alone(async (manager) => {
      for (const table of ['USMDataStorage', 'usmClientChange', 'usmSkippedItem']) {
        const ofObject = objectId === undefined ? '' : ' AND objectID = ?';
        await manager.query(`DELETE FROM ${table} WHERE cid = ? AND usmSessionId = ?${ofObject}`, [
          contextId,
          sessionId,
          ...(objectId === undefined ? [] : [objectId]),
        ]);
      }
    });
  }

  async fields({ contextId, sessionId }: SessionAddress): Promise<StoredFields> {
    const rows = await this.connection.dataSource.query<{ field: string; value: string }[]>(
      'SELECT field, value FROM USMSessionFields WHERE cid = ? AND usmSessionId = ?',
      [contextId, sessionId],
    );
    return Object.fromEntries(rows.map(({ field, value }) => [this.#shared(field), this.#shared(value)]));
  }

  /** `undefined` deletes. */
  setFields(
    { contextId, sessionId }: SessionAddress,
    values: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    return this.#alone(async (manager) => {
      for (const [field, value] of Object.entries(values)) {
        if (value === undefined) {
          await manager.query('DELETE FROM USMSessionFields WHERE cid = ? AND usmSessionId = ? AND field = ?', [
            contextId,
            sessionId,
            field,
          ]);
        } else {
          await manager.query('REPLACE INTO USMSessionFields (cid, usmSessionId, field, value) VALUES (?, ?, ?, ?)', [
            contextId,
            sessionId,
            field,
            value,
          ]);
        }
      }
    });
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (text.length <= longestShared) this.#texts.set(text, text);
    return text;
  }

  /** What is written is found by its whole key, or held by the sequence. */
  #alone<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.connection.transaction(work, { isolation: 'read-committed' });
  }
}

async function insert(manager: EntityManager, record: DeviceRecord, sessionId: number): Promise<void> {
  const { contextId, userId, protocol, deviceId } = record;
  const columns = {
    ...toColumns(record),
    cid: contextId,
    id: userId,
    protocol,
    device: deviceId,
    usmSessionId: sessionId,
  };
  const names = Object.keys(columns);
  await manager.query(
    `INSERT INTO USMSession (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(columns),
  );
}

function toColumns(record: DeviceRecord): Required<SessionColumns> {
  const { wipe } = record;
  return {
    login: record.login,
    type: record.type,
    userAgent: record.userAgent ?? null,
    protocolVersion: record.protocolVersion ?? null,
    firstSeen: record.firstSeen,
    lastSeen: record.lastSeen,
    access: record.access,
    accessReason: record.accessReason ?? null,
    wipeKind: wipe?.kind ?? null,
    wipeState: wipe?.state ?? null,
    wipeRequestedAt: wipe?.requestedAt ?? null,
    wipeChangedAt: wipe?.changedAt ?? null,
    information: JSON.stringify(record.information),
  };
}

function toStored(row: SessionRow): StoredSession {
  const { cid, id, protocol, device, usmSessionId, login, type, userAgent, protocolVersion, access, accessReason } =
    row;
  const record: DeviceRecord = {
    ...{ contextId: cid, userId: id, protocol, deviceId: device, login, type, access },
    ...(userAgent !== null && { userAgent }),
    ...(protocolVersion !== null && { protocolVersion }),
    ...(accessReason !== null && { accessReason }),
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    ...(row.wipeKind && row.wipeState && { wipe: toWipe(row, row.wipeKind, row.wipeState) }),
    information: row.information === null ? {} : (JSON.parse(row.information) as Record<string, string>),
  };
  return { address: { contextId: cid, sessionId: usmSessionId }, record };
}

function toWipe(row: SessionRow, kind: WipeKind, state: WipeState['state']): WipeState {
  return { kind, state, requestedAt: row.wipeRequestedAt ?? 0, changedAt: row.wipeChangedAt ?? 0 };
}
