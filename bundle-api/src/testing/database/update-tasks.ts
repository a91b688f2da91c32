import assert from 'node:assert/strict';
import type { DatabaseUnderTest } from '../database';
import { createNotes, notes, insertTask, insert, names, withCode, uncancelled } from './notes';

export function describeUpdateTasks(made: () => DatabaseUnderTest): void {
  it('run once, in order, before the connection is handed out', async () => {
    const log: string[] = [];
    const schema = { ...notes, tasks: [createNotes, insertTask('b', log), insertTask('a', log)] };
    await using first = await made().database.connect(schema, uncancelled);
    assert.deepEqual(await names(first), ['b', 'a']);
    await first[Symbol.asyncDispose]();
    await using second = await (await made().another()).connect(schema, uncancelled);
    assert.deepEqual(
      [log, await names(second)],
      [
        ['b', 'a'],
        ['b', 'a'],
      ],
    );
  });

  it('run once when several hosts connect at the same time', async () => {
    const log: string[] = [];
    const schema = { ...notes, tasks: [createNotes, insertTask('a', log), insertTask('b', log)] };
    const hosts = [made().database, await made().another(), await made().another()];
    const connections = await Promise.all(hosts.map((host) => host.connect(schema, uncancelled)));
    assert.deepEqual(log, ['a', 'b']);
    for (const connection of connections) assert.deepEqual(await names(connection), ['a', 'b']);
  });

  it('that are new run on a database with data', async () => {
    const log: string[] = [];
    const before = await made().database.connect(notes, uncancelled);
    await insert(before.dataSource.manager, 'kept', 5);
    await before[Symbol.asyncDispose]();
    const after = await made().database.connect(
      { ...notes, tasks: [createNotes, insertTask('new', log)] },
      uncancelled,
    );
    assert.deepEqual(await names(after), ['kept', 'new']);
  });

  it('that fail refuse the connection, name the task, and run again at the next', async () => {
    const log: string[] = [];
    let broken = true;
    const tasks = [createNotes, insertTask('a', log, () => broken), insertTask('b', log)];
    await assert.rejects(made().database.connect({ ...notes, tasks }, uncancelled), (error: Error) => {
      return (
        withCode('UPDATE_TASK_FAILED')(error) && /test\.a/.test(error.message) && /updatetasks run/.test(error.message)
      );
    });
    broken = false;
    const connection = await made().database.connect({ ...notes, tasks }, uncancelled);
    assert.deepEqual(
      [log, await names(connection)],
      [
        ['a', 'a', 'b'],
        ['a', 'b'],
      ],
    );
  });

  it('that a newer version ran make an older one refuse', async () => {
    const newer = await made().database.connect({ ...notes, tasks: [createNotes, insertTask('a', [])] }, uncancelled);
    await newer[Symbol.asyncDispose]();
    await assert.rejects(made().database.connect(notes, uncancelled), withCode('UPDATE_TASK_FAILED'));
  });
}
