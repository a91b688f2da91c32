import { EntitySchema, type EntityManager } from 'typeorm';
import { isOxtenderError } from '../../errors';
import type { Cancellable } from '../../services/groupware/calls';
import type {
  DatabaseConnection,
  DatabaseSchema,
  StatementResult,
  UpdateTask,
  UpdateTaskContext,
} from '../../services/database';

export interface Note {
  id?: number;
  name: string;
  amount: number;
  done: boolean;
  data: Buffer | null;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- typeorm declares its options as a class
export const noteEntity = new EntitySchema<Note>({
  name: 'Note',
  tableName: 'note',
  columns: {
    id: { type: 'integer', primary: true, generated: true },
    name: { type: 'varchar', unique: true },
    amount: { type: 'bigint', transformer: { from: Number, to: (value: number) => value } },
    done: { type: 'boolean' },
    data: { type: 'blob', nullable: true },
  },
});

export const createNotes: UpdateTask = {
  name: 'test.CreateNotes',
  description: 'makes the table note',
  run: async ({ manager, dialect, tableOptions }) => {
    const key = dialect === 'mysql' ? 'INTEGER PRIMARY KEY AUTO_INCREMENT' : 'INTEGER PRIMARY KEY';
    await manager.query(
      `CREATE TABLE IF NOT EXISTS note (id ${key}, name VARCHAR(100) NOT NULL UNIQUE, amount BIGINT NOT NULL, done SMALLINT NOT NULL,
       data BLOB) ${tableOptions}`,
    );
  },
};

export const notes: DatabaseSchema = { name: 'notes', entities: [noteEntity], tasks: [createNotes] };

/** A task that notes that it ran; `fail` makes it throw after a change. */
export function insertTask(name: string, log: string[], fail: () => boolean = () => false): UpdateTask {
  return {
    name: `test.${name}`,
    description: `inserts ${name}`,
    run: async ({ manager }: UpdateTaskContext) => {
      log.push(name);
      await manager.query('DELETE FROM note WHERE name = ?', [name]);
      await insert(manager, name);
      if (fail()) throw new Error('wanted failure');
    },
  };
}

export async function insert(manager: EntityManager, name: string, amount = 0): Promise<StatementResult> {
  return manager.query('INSERT INTO note (name, amount, done, data) VALUES (?, ?, ?, ?)', [name, amount, false, null]);
}

export async function names(connection: DatabaseConnection): Promise<string[]> {
  const rows = await connection.dataSource.manager.query<{ name: string }[]>('SELECT name FROM note ORDER BY id');
  return rows.map(({ name }) => name);
}

export async function amountOf(manager: EntityManager, name: string): Promise<number> {
  const [row] = await manager.query<[{ amount: number }]>('SELECT amount FROM note WHERE name = ?', [name]);
  return row.amount;
}

export const withCode = (code: string) => (error: unknown) => isOxtenderError(error, code);
/** Options of a call that nothing cancels. */
export const uncancelled: Cancellable = { signal: new AbortController().signal };
