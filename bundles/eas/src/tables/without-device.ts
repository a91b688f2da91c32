import type { DatabaseCheck, DeviceRegistry } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';

interface Owner {
  readonly cid: number;
  readonly id: number;
  readonly found: number;
}

/** Finds rows of users who have no device any more: nobody asks for them. */
export function withoutDevice(
  { table, what }: { readonly table: string; readonly what: string },
  devices: Pick<DeviceRegistry, 'list'>,
): DatabaseCheck {
  const orphans = async (manager: EntityManager): Promise<Owner[]> => {
    const owners = await manager.query<Owner[]>(`SELECT cid, id, COUNT(*) AS found FROM ${table} GROUP BY cid, id`);
    const known = new Set((await devices.list()).map(({ contextId, userId }) => `${contextId}/${userId}`));
    return owners.filter(({ cid, id }) => !known.has(`${cid}/${id}`));
  };
  return {
    name: `${table}-without-device`,
    description: `${what} of a user who has no device`,
    count: async (manager) => sumOf(await orphans(manager)),
    async repair(manager) {
      const owners = await orphans(manager);
      for (const { cid, id } of owners) await manager.query(`DELETE FROM ${table} WHERE cid = ? AND id = ?`, [cid, id]);
      return sumOf(owners);
    },
  };
}

function sumOf(owners: readonly Owner[]): number {
  return owners.reduce((sum, { found }) => sum + found, 0);
}
