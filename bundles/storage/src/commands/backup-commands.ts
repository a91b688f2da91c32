import { stat } from 'node:fs/promises';
import type { Cancellable, Clock, CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import type { DatabaseService } from '../database-service';
import type { MysqlSettings, SqliteSettings, StorageSettings } from '../settings';
import { FileExchange } from '../snapshot/file-exchange';
import type { SnapshotReport } from '../snapshot/snapshot-worker';
import { checkDatabase, copyDatabase } from '../snapshot/snapshots';
import { planTasks } from '../update-tasks/ledger';

/** What a backup holds of one schema, beside what the host has. */
interface SchemaState {
  readonly schema: string;
  /** Update tasks that ran on the backup. */
  readonly done: number;
  /** Update tasks that run on it once it is restored; undefined: the bundle of the schema does not run. */
  readonly pending: number | undefined;
}

/** `oxtender backup`, `oxtender restore`: the embedded database, while the host runs. */
export function backupCommands(
  service: DatabaseService,
  { database: settings }: StorageSettings,
  clock: Pick<Clock, 'now'>,
): ConsoleCommand[] {
  return [
    {
      name: 'backup',
      description: 'copy the embedded database, as it is at this moment, into a new file; phones go on',
      args: [{ name: 'file', description: 'where to', required: true, file: true, carried: 'out' }],
      run: async ({ args: [to = ''], signal, progress }) => {
        const { file } = embedded(settings, 'backup');
        const report = await copyDatabase(file, to, { signal, progress: (percent) => progress(`${percent} %`) });
        return { saved: true, bytes: report.bytes };
      },
      preview: async () => ({ saved: false, bytes: (await stat(embedded(settings, 'backup').file)).size }),
      text: (result) => {
        const { saved, bytes } = result as { saved: boolean; bytes: number };
        return saved ? `saved ${bytes} bytes, read again and found whole` : `would save about ${bytes} bytes`;
      },
    },
    {
      name: 'restore',
      description: 'put a backup in the place of the embedded database; the one before is kept beside it',
      args: [{ name: 'file', description: 'a backup', required: true, file: true, carried: 'in' }],
      run: async ({ args: [from = ''], signal, progress }) => {
        const { file } = embedded(settings, 'restore');
        progress('checks the backup');
        const schemas = await examine(service, from, { signal });
        const exchange = await FileExchange.prepare(file, from, clock.now());
        try {
          progress('exchanges the database');
          await service.exchange(exchange);
        } finally {
          await exchange.discard();
        }
        return { restored: true, kept: exchange.kept, schemas };
      },
      preview: async (call) => plan(service, embedded(settings, 'restore'), call),
      text: (result) => restoreText(result as RestoreResult),
    },
  ];
}

interface RestoreResult {
  readonly restored?: true;
  readonly kept?: string;
  readonly bytes?: number;
  readonly replaces?: string;
  readonly schemas: readonly SchemaState[];
}

async function plan(service: DatabaseService, { file }: SqliteSettings, call: CommandCall): Promise<RestoreResult> {
  const { args, signal } = call;
  const [from = ''] = args;
  const { bytes } = await checkDatabase(from, { signal });
  return { bytes, replaces: file, schemas: await examine(service, from, { signal }) };
}

function restoreText({ restored, kept, bytes, replaces, schemas }: RestoreResult): string {
  const states = schemas.map(({ schema, done, pending }) => {
    const left = pending === undefined ? 'its bundle does not run' : `${pending} to be run`;
    return `  ${schema}: ${done} update tasks ran, ${left}`;
  });
  const head = restored
    ? `the backup is in service; the database before is ${kept ?? 'gone'}`
    : `would replace ${replaces ?? ''} by ${bytes ?? 0} bytes; phones get 503 for a moment`;
  return [head, ...states].join('\n');
}

/** @throws Error when it is damaged, or not of this program, or of a newer version of it */
async function examine(service: DatabaseService, file: string, options: Cancellable): Promise<SchemaState[]> {
  const report = await checkDatabase(file, options);
  if (report.tasks.length === 0) throw new Error('the file is no backup of OXtender: no update task ever ran on it');
  const known = new Map((service.database?.schemas ?? []).map((schema) => [schema.name, schema]));
  return schemasIn(report).map((name) => {
    const schema = known.get(name);
    const entries = report.tasks.filter(({ schemaName }) => schemaName === name);
    const done = entries.filter(({ successful }) => successful).length;
    if (!schema) return { schema: name, done, pending: undefined };
    const { pending, unknown } = planTasks(name, schema.tasks, entries);
    if (unknown.length > 0)
      throw new Error(`the backup was made by a newer ${name} (${unknown.join(', ')}): install that version first`);
    return { schema: name, done, pending: pending.length };
  });
}

const schemasIn = ({ tasks }: SnapshotReport): string[] =>
  [...new Set(tasks.map(({ schemaName }) => schemaName))].sort();

/** @throws Error that says how it is done with a database of its own */
function embedded(settings: SqliteSettings | MysqlSettings, command: 'backup' | 'restore'): SqliteSettings {
  if (settings.dialect === 'sqlite') return settings;
  const { host, port, socket, user, database } = settings;
  const server = socket === undefined ? `-h ${host} -P ${port}` : `-S ${socket}`;
  const advice =
    command === 'backup'
      ? `mysqldump --single-transaction --quick --hex-blob --no-tablespaces ${server} -u ${user} -p ${database} > FILE`
      : `oxtender stop storage on every host, mysql ${server} -u ${user} -p ${database} < FILE, then oxtender start storage`;
  throw new Error(`the database is MySQL, which has programs of its own for that: ${advice}`);
}
