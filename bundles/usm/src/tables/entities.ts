import { EntitySchema, type EntitySchemaColumnOptions, EntitySchemaOptions } from 'typeorm';

/** Rows are read and written by plain statements; these tell typeorm, and the reader, what the tables hold. */
const integer: EntitySchemaColumnOptions = { type: 'int' };
const optionalText = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length, nullable: true });
const text = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length });
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true });
/** Milliseconds since 1970, or another number below 2^53. */
const long: EntitySchemaColumnOptions = { type: 'bigint' };
const blob: EntitySchemaColumnOptions = { type: 'blob' };
const contextId = key(integer);
const usmSessionId = key(integer);

function table(name: string, columns: Record<string, EntitySchemaColumnOptions>): EntitySchema {
  return new EntitySchema(
    Object.assign(new EntitySchemaOptions<Record<string, unknown>>(), { name, tableName: name, columns }),
  );
}

/** A device of a user, by protocol. */
export const usmSession = table('USMSession', {
  cid: contextId,
  id: key(integer),
  protocol: key(text(32)),
  device: key(text(64)),
  usmSessionId: integer,
  login: text(255),
  type: text(128),
  userAgent: optionalText(255),
  protocolVersion: optionalText(32),
  firstSeen: long,
  lastSeen: long,
  access: text(16),
  accessReason: optionalText(255),
  wipeKind: optionalText(16),
  wipeState: optionalText(16),
  wipeRequestedAt: { ...long, nullable: true },
  wipeChangedAt: { ...long, nullable: true },
  information: { type: 'text', nullable: true },
});

/** Persistent values of a session. */
export const usmSessionFields = table('USMSessionFields', {
  cid: contextId,
  usmSessionId,
  field: key(text(64)),
  value: { type: 'text' },
});

/** Session ids given out, per context. */
export const usmSessionIdSequence = table('usmSessionIdSequenceTable', { cid: contextId, id: integer });

/** Sync states. `objectID` is the collection's short id, 0 for the folder hierarchy. */
export const usmDataStorage = table('USMDataStorage', {
  cid: contextId,
  usmSessionId,
  objectID: key(integer),
  syncKey: key(text(32)),
  /** Key with which the device asked when this state was made; empty for the beginning. */
  basedOn: text(32),
  /** Fingerprint of the request that made it. */
  request: text(32),
  /** Grows when something changes what the device knows without giving it a new key. */
  revision: integer,
  element: blob,
});

/** Long ids of folders and items, and the short ones that the device gets. */
export const usmIdMapping = table('usmIdMapping', {
  cid: contextId,
  usmSessionId,
  shortID: key(integer),
  longHash: text(32),
  longID: { type: 'text' },
});

/** Short ids given out, per session. */
export const usmIdSequence = table('usmIdSequenceTable', { cid: contextId, usmSessionId, id: integer });

/** Journal of the changes that a device sent with a key: written before the groupware hears of them. */
export const usmClientChange = table('usmClientChange', {
  cid: contextId,
  usmSessionId,
  objectID: key(integer),
  syncKey: key(text(32)),
  /** Grows with each writing, so that two hosts notice each other. */
  revision: integer,
  element: blob,
});

/** Moves of items that the device asked for, by the id that the item had. */
export const usmItemMove = table('usmItemMove', {
  cid: contextId,
  usmSessionId,
  source: key(text(64)),
  target: text(64),
  movedAt: long,
});

/** Items that a device does not get because they fail. */
export const usmSkippedItem = table('usmSkippedItem', {
  cid: contextId,
  usmSessionId,
  objectID: key(integer),
  itemHash: key(text(32)),
  itemID: { type: 'text' },
  reason: { type: 'text' },
  since: long,
});

export const entities = [
  usmSession,
  usmSessionFields,
  usmSessionIdSequence,
  usmDataStorage,
  usmIdMapping,
  usmIdSequence,
  usmClientChange,
  usmItemMove,
  usmSkippedItem,
];
