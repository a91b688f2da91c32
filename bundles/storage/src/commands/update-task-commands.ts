import type { CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import type { DatabaseService } from '../database-service';
import type { StorageDatabase } from '../storage-database';
import type { TaskReport } from '../update-tasks/task-report';

/** `oxtender updatetasks list|run|status`. */
export function updateTaskCommands(service: DatabaseService): ConsoleCommand[] {
  const reports = async (call: CommandCall): Promise<TaskReport[]> => {
    const all = await reached(service).taskReports();
    return call.args.length === 0 ? all : all.filter((report) => call.args.includes(report.schema));
  };
  const args = [{ name: 'schema', description: 'only of these, for example usm', many: true }] as const;
  return [
    {
      name: 'updatetasks list',
      description: 'Update tasks of the database: which ran, when and how',
      args,
      run: async (call) => (await reports(call)).map(toRow),
    },
    {
      name: 'updatetasks status',
      description: 'How many update tasks ran, failed or are left, by schema',
      args,
      run: async (call) => summarise(await reports(call)),
    },
    {
      name: 'updatetasks run',
      description: 'Runs the update tasks that are left, and starts what waited for them',
      args,
      run: async (call) => runLeft(service, call),
      preview: async (call) => (await reports(call)).filter(isLeft).map(toRow),
    },
  ];
}

const isLeft = (report: TaskReport): boolean => report.state !== 'done' && report.known;

async function runLeft(service: DatabaseService, call: CommandCall): Promise<unknown> {
  const database = reached(service);
  const chosen = database.schemas.filter(({ name }) => call.args.length === 0 || call.args.includes(name));
  const before = (await database.taskReports()).filter(isLeft);
  let cured = false;
  for (const { name } of chosen) {
    call.progress(name);
    cured = (await database.runTasks(name, { signal: call.signal })) || cured;
  }
  if (cured) await service.republish();
  const left = new Set((await database.taskReports()).filter(isLeft).map(keyOf));
  return before.filter((report) => !left.has(keyOf(report))).map(({ schema, task }) => ({ schema, task, ran: true }));
}

const keyOf = ({ schema, task }: TaskReport): string => `${schema} ${task}`;

function toRow({ schema, task, state, at, duration, server, note }: TaskReport): Record<string, unknown> {
  const time = at === undefined ? '' : new Date(at).toISOString();
  return { schema, task, state, time, milliseconds: duration ?? '', server: server ?? '', note };
}

function summarise(reports: readonly TaskReport[]): Record<string, unknown>[] {
  const schemas = [...new Set(reports.map((report) => report.schema))];
  return schemas.map((schema) => {
    const count = (state: TaskReport['state']): number =>
      reports.filter((report) => report.schema === schema && report.state === state).length;
    return { schema, done: count('done'), failed: count('failed'), pending: count('pending') };
  });
}

/** @throws the reason why there is no database */
export function reached(service: DatabaseService): StorageDatabase {
  if (service.database) return service.database;
  throw service.failure ?? new Error('the database was not reached yet');
}
