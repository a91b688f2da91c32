import type { DatabaseSchema } from '@oxtender/bundle-api';

/** One table of numbers, filled by several tasks, each of which adds its number once. */
export function counterSchema(tasks = 5): DatabaseSchema {
  return {
    name: 'counter',
    entities: [],
    tasks: [
      {
        name: 'counter.create',
        description: 'makes the table',
        run: async ({ manager, dialect, tableOptions }) => {
          const key = dialect === 'mysql' ? 'INTEGER PRIMARY KEY AUTO_INCREMENT' : 'INTEGER PRIMARY KEY';
          await manager.query(`CREATE TABLE IF NOT EXISTS counter (id ${key}, value INTEGER NOT NULL) ${tableOptions}`);
        },
      },
      ...Array.from({ length: tasks }, (_, value) => ({
        name: `counter.add${value}`,
        description: 'adds a row',
        run: async ({ manager }: Parameters<DatabaseSchema['tasks'][number]['run']>[0]) => {
          await manager.query('INSERT INTO counter (value) VALUES (?)', [value]);
        },
      })),
    ],
  };
}
