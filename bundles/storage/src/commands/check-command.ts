import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { DatabaseService } from '../database-service';
import { reached } from './update-task-commands';

/** `oxtender storage:check`: the checks that the connected schemas contribute. */
export function checkCommand(service: DatabaseService): ConsoleCommand {
  return {
    name: 'storage:check',
    description: 'Looks for rows that nothing belongs to any more',
    options: [{ name: 'repair', description: 'delete or mend them', type: 'boolean' }],
    run: async (call) => {
      const { options, signal } = call;
      const results = [];
      for (const { schema, check, connection } of reached(service).checks) {
        signal.throwIfAborted();
        call.progress(`${schema}: ${check.name}`);
        const found = await check.count(connection.dataSource.manager);
        const repaired =
          found > 0 && options.repair === true && check.repair
            ? await connection.transaction((manager) => check.repair?.(manager) ?? Promise.resolve(0), { signal })
            : 0;
        results.push({ schema, check: check.name, found, repaired, meaning: check.description });
      }
      return results;
    },
    preview: async ({ signal }) => {
      const results = [];
      for (const { schema, check, connection } of reached(service).checks) {
        signal.throwIfAborted();
        const found = await check.count(connection.dataSource.manager);
        if (check.repair) results.push({ schema, check: check.name, wouldRepair: found });
      }
      return results;
    },
  };
}
