import type { UpdateTask } from '@oxtender/bundle-api';

/** The tables by the original's names. Every key begins with the context id. */
const tables: UpdateTask = {
  name: 'com.openexchange.usm.database.ox.update.USMTablesUpdateTaskV2',
  description: 'Creates the tables of sessions, sync states and id mappings',
  async run({ manager, dialect, tableOptions }) {
    const blob = dialect === 'mysql' ? 'LONGBLOB' : 'BLOB';
    const text = dialect === 'mysql' ? 'MEDIUMTEXT' : 'TEXT';
    const create = (definition: string): Promise<unknown> =>
      manager.query(`CREATE TABLE IF NOT EXISTS ${definition} ${tableOptions}`);
    await create(`USMSession (
      cid INTEGER NOT NULL, id INTEGER NOT NULL, protocol VARCHAR(32) NOT NULL, device VARCHAR(64) NOT NULL,
      usmSessionId INTEGER NOT NULL, login VARCHAR(255) NOT NULL, type VARCHAR(128) NOT NULL, userAgent VARCHAR(255),
      protocolVersion VARCHAR(32), firstSeen BIGINT NOT NULL, lastSeen BIGINT NOT NULL, access VARCHAR(16) NOT NULL,
      accessReason VARCHAR(255), wipeKind VARCHAR(16), wipeState VARCHAR(16), wipeRequestedAt BIGINT,
      wipeChangedAt BIGINT, information ${text},
      PRIMARY KEY (cid, id, protocol, device), UNIQUE (cid, usmSessionId))`);
    await create(`USMSessionFields (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, field VARCHAR(64) NOT NULL, value ${text} NOT NULL,
      PRIMARY KEY (cid, usmSessionId, field))`);
    await create('usmSessionIdSequenceTable (cid INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (cid))');
    await create(`USMDataStorage (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, objectID INTEGER NOT NULL, syncKey VARCHAR(32) NOT NULL,
      basedOn VARCHAR(32) NOT NULL, request VARCHAR(32) NOT NULL, revision INTEGER NOT NULL, element ${blob} NOT NULL,
      PRIMARY KEY (cid, usmSessionId, objectID, syncKey))`);
    await create(`usmIdMapping (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, shortID INTEGER NOT NULL, longHash VARCHAR(32) NOT NULL,
      longID ${text} NOT NULL,
      PRIMARY KEY (cid, usmSessionId, shortID), UNIQUE (cid, usmSessionId, longHash))`);
    await create(`usmIdSequenceTable (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (cid, usmSessionId))`);
  },
};

const journal: UpdateTask = {
  name: 'com.openexchange.usm.database.ox.update.USMClientChangeUpdateTask',
  description: 'Creates the journal of client changes, the record of moves and the list of skipped items',
  async run({ manager, dialect, tableOptions }) {
    const blob = dialect === 'mysql' ? 'LONGBLOB' : 'BLOB';
    const create = (definition: string): Promise<unknown> =>
      manager.query(`CREATE TABLE IF NOT EXISTS ${definition} ${tableOptions}`);
    await create(`usmClientChange (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, objectID INTEGER NOT NULL, syncKey VARCHAR(32) NOT NULL,
      element ${blob} NOT NULL,
      PRIMARY KEY (cid, usmSessionId, objectID, syncKey))`);
    await create(`usmItemMove (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, source VARCHAR(64) NOT NULL, target VARCHAR(64) NOT NULL,
      movedAt BIGINT NOT NULL,
      PRIMARY KEY (cid, usmSessionId, source))`);
    await create(`usmSkippedItem (
      cid INTEGER NOT NULL, usmSessionId INTEGER NOT NULL, objectID INTEGER NOT NULL, itemHash VARCHAR(32) NOT NULL,
      itemID TEXT NOT NULL, reason TEXT NOT NULL, since BIGINT NOT NULL,
      PRIMARY KEY (cid, usmSessionId, objectID, itemHash))`);
  },
};

const journalRevision: UpdateTask = {
  name: 'com.openexchange.usm.database.ox.update.USMClientChangeRevisionUpdateTask',
  description: 'Has hosts notice each other in the journal of client changes',
  async run({ manager }) {
    // MySQL commits each change of a table: the column may be there from a run that failed later.
    if (await manager.queryRunner?.hasColumn('usmClientChange', 'revision')) return;
    await manager.query('ALTER TABLE usmClientChange ADD COLUMN revision INTEGER NOT NULL DEFAULT 0');
  },
};

export const updateTasks: readonly UpdateTask[] = [tables, journal, journalRevision];
