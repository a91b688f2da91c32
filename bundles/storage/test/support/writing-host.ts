import { openDatabase } from '../../src/open-database';
import type { StorageSettings } from '../../src/settings';
import { counterSchema } from './counter-schema';
import { RecordingLogger } from './recording-logger';
import { systemClock } from './system-clock';

/**
 * A host of its own: connects, says `connected`, and then inserts rows, one transaction each, saying the key of each that was
 * committed, until it is killed or has made as many as asked for.
 */
async function main(settings: StorageSettings['database'] & { readonly rows: number }): Promise<void> {
  const database = await openDatabase(
    { database: settings, updateTaskWait: 20_000 },
    { clock: systemClock, logger: new RecordingLogger() },
  );
  const connection = await database.connect(counterSchema(), { signal: new AbortController().signal });
  process.send?.('connected');
  for (let row = 0; row < settings.rows; row++) {
    const { insertId } = await connection.transaction(async (manager) => {
      await manager.query('INSERT INTO counter (value) VALUES (?)', [1000 + row]);
      return manager.query<{ insertId: number }>('INSERT INTO counter (value) VALUES (?)', [2000 + row]);
    });
    process.send?.(insertId);
  }
  await database[Symbol.asyncDispose]();
  process.disconnect();
}

void main(JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof main>[0]);
