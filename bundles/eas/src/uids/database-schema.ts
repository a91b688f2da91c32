import type { DatabaseCheck, DatabaseSchema, DeviceRegistry, UpdateTask } from '@oxtender/bundle-api';
import { EntitySchema, EntitySchemaOptions, type EntityManager } from 'typeorm';

/** A UID of a user's calendar that is too long for devices, and the one that they get for it. */
const easUidMapping = new EntitySchema(
  Object.assign(new EntitySchemaOptions<Record<string, unknown>>(), {
    name: 'easUIDMapping',
    tableName: 'easUIDMapping',
    columns: {
      cid: { type: 'int', primary: true },
      id: { type: 'int', primary: true },
      shortUID: { type: 'varchar', length: 80, primary: true },
      longUID: { type: 'text' },
    },
  }),
);

const table: UpdateTask = {
  name: 'com.openexchange.usm.eas.database.EASUIDMappingUpdateTask',
  description: 'Creates the table of UIDs of events that are too long for devices',
  async run({ manager, dialect, tableOptions }) {
    const text = dialect === 'mysql' ? 'MEDIUMTEXT' : 'TEXT';
    await manager.query(`CREATE TABLE IF NOT EXISTS easUIDMapping (
      cid INTEGER NOT NULL, id INTEGER NOT NULL, shortUID VARCHAR(80) NOT NULL, longUID ${text} NOT NULL,
      PRIMARY KEY (cid, id, shortUID)) ${tableOptions}`);
  },
};

interface Owner {
  readonly cid: number;
  readonly id: number;
  readonly found: number;
}

/** Nobody asks for the UIDs of a user who has no device any more. */
function withoutDevice(devices: Pick<DeviceRegistry, 'list'>): DatabaseCheck {
  const orphans = async (manager: EntityManager): Promise<Owner[]> => {
    const owners = await manager.query<Owner[]>(
      'SELECT cid, id, COUNT(*) AS found FROM easUIDMapping GROUP BY cid, id',
    );
    const known = new Set((await devices.list()).map(({ contextId, userId }) => `${contextId}/${userId}`));
    return owners.filter(({ cid, id }) => !known.has(`${cid}/${id}`));
  };
  return {
    name: 'easUIDMapping-without-device',
    description: 'UIDs of a user who has no device',
    count: async (manager) => sumOf(await orphans(manager)),
    async repair(manager) {
      const owners = await orphans(manager);
      for (const { cid, id } of owners)
        await manager.query('DELETE FROM easUIDMapping WHERE cid = ? AND id = ?', [cid, id]);
      return sumOf(owners);
    },
  };
}

function sumOf(owners: readonly Owner[]): number {
  return owners.reduce((sum, { found }) => sum + found, 0);
}

/** What the bundle keeps in the database. */
export function easSchema(devices: Pick<DeviceRegistry, 'list'>): DatabaseSchema {
  return { name: 'eas', entities: [easUidMapping], tasks: [table], checks: [withoutDevice(devices)] };
}
