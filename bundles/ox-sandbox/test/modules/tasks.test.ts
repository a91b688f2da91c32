import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const day = 86_400_000;
const monday = Date.UTC(2026, 10, 23);

describe('tasks', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;
  const folder = 20;

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  after(() => server[Symbol.asyncDispose]());

  const create = async (fields: object): Promise<string> =>
    (await alice.put<{ id: string }>('tasks', 'new', {}, { folder_id: folder, ...fields })).data.id;
  const read = async (id: string): Promise<Record<string, unknown>> =>
    (await alice.get<Record<string, unknown>>('tasks', 'get', { id, folder })).data;

  it('gives back what was put in', async () => {
    const fields = {
      title: 'Tea',
      note: 'green',
      status: 2,
      percent_completed: 40,
      priority: 3,
      actual_costs: 12.5,
      full_time: false,
      start_time: monday + 1,
      end_time: monday + 2,
      alarm: monday,
    };
    expect(await read(await create(fields))).to.include(fields);
  });

  it('makes a full-time task of days alone, as clients from before 7.6.1 send them', async () => {
    const task = await read(await create({ title: 'Old', start_date: monday + 5, end_date: monday + day }));
    expect(task).to.include({
      full_time: true,
      start_time: monday,
      end_time: monday + day,
      start_date: monday,
      end_date: monday + day,
    });
  });

  it('answers the day in the zone of the request as the old date', async () => {
    const id = await create({
      title: 'Late',
      full_time: false,
      start_time: monday - 1800_000,
      end_time: monday - 60_000,
    });
    const { data } = await alice.put<number[][]>('tasks', 'list', { columns: '201,316', timezone: 'Europe/Berlin' }, [
      { folder, id },
    ]);
    expect(data).to.deep.equal([[monday, monday + 1800_000]]);
  });

  for (const [code, fields] of [
    ['TSK-0030', { percent_completed: 101 }],
    ['TSK-0031', { status: 1, percent_completed: 10 }],
    ['TSK-0038', { status: 3, percent_completed: 10 }],
    ['TSK-0039', { status: 6 }],
    ['TSK-0040', { full_time: true, start_time: monday + day, end_time: monday }],
    ['TSK-0057', { priority: 4 }],
    ['TSK-0037', { recurrence_type: 1, interval: 1 }],
    ['TSK-0037', { recurrence_type: 2, interval: 1, full_time: true, start_time: monday, end_time: monday }],
    ['TSK-0044', { participants: [{ type: 5 }] }],
    ['TSK-0018', { participants: [{ type: 1, id: 99 }] }],
    ['TSK-0028', { private_flag: true, participants: [{ type: 1, id: 4 }] }],
    ['TSK-0041', { title: 'x'.repeat(300) }],
  ] as const)
    it(`refuses ${JSON.stringify(fields).slice(0, 60)} as ${code}`, async () => {
      expect(await alice.put('tasks', 'new', {}, { folder_id: folder, title: 'x', ...fields })).to.include({ code });
    });

  it('starts the next occurrence as a new task when a recurring one is done', async () => {
    const id = await create({
      title: 'Weekly',
      full_time: true,
      start_time: monday,
      end_time: monday + day,
      recurrence_type: 2,
      interval: 1,
      days: 2,
      occurrences: 3,
    });
    const { timestamp } = await alice.get<unknown>('tasks', 'get', { id, folder });
    await alice.put('tasks', 'update', { id, folder, timestamp }, { status: 3, percent_completed: 100 });
    const { data } = await alice.get<unknown[][]>('tasks', 'updates', {
      folder,
      timestamp,
      columns: '1,200,316,317,300,209,222',
    });
    expect(data).to.deep.include([id, 'Weekly', monday, monday + day, 3, 0, null]);
    const next = data.find((row) => row[0] !== id);
    expect(next!.slice(1)).to.deep.equal(['Weekly', monday + 7 * day, monday + 8 * day, 1, 2, 2]);
  });

  it('lies in the folder of each participant, who answers for himself', async () => {
    const id = await create({
      title: 'Together',
      participants: [
        { id: 3, type: 1 },
        { id: 4, type: 1 },
        { type: 5, mail: 'guest@example.org' },
      ],
    });
    const bobFolder = (await bob.get<number>('config/folder/tasks', '')).data;
    const { data, timestamp } = await bob.get<Record<string, unknown>>('tasks', 'get', { id, folder: bobFolder });
    expect(data).to.include({ title: 'Together', folder_id: String(bobFolder) });
    await bob.put(
      'tasks',
      'confirm',
      { id, folder: bobFolder, timestamp },
      { confirmation: 2, confirmmessage: 'no time' },
    );
    expect((await read(id))['users']).to.deep.equal([
      { id: 3, display_name: 'Alice Winter', confirm: 1 },
      { id: 4, display_name: 'Bob Sommer', confirm: 2, confirmmessage: 'no time' },
    ]);
    const before = (await alice.get<unknown>('tasks', 'get', { id, folder })).timestamp;
    await alice.put('tasks', 'update', { id, folder, timestamp: before }, { participants: [{ id: 3, type: 1 }] });
    expect(
      (await bob.get('tasks', 'updates', { folder: bobFolder, timestamp: before, columns: '1', ignore: 'false' })).data,
    ).to.deep.equal([id]);
  });

  it('reminds the owner of a task for others without making him a participant', async () => {
    const id = await create({ title: 'For Bob', alarm: monday, participants: [{ id: 4, type: 1 }] });
    const task = await read(id);
    expect(task['alarm']).to.equal(monday);
    expect(task['users']).to.deep.equal([{ id: 4, display_name: 'Bob Sommer', confirm: 0 }]);
  });

  it('refuses a change based on an old state as TSK-0007 and lists what it did not delete', async () => {
    const id = await create({ title: 'x' });
    expect(await alice.put('tasks', 'update', { id, folder, timestamp: 1 }, { title: 'y' })).to.include({
      code: 'TSK-0007',
      category: 9,
    });
    expect((await alice.put('tasks', 'delete', { timestamp: 1 }, [{ id, folder }])).data).to.deep.equal([id]);
    expect(
      (await alice.put('tasks', 'delete', { timestamp: Number.MAX_SAFE_INTEGER }, [{ id, folder }])).data,
    ).to.deep.equal([]);
    expect(await alice.get('tasks', 'get', { id, folder })).to.include({ code: 'TSK-0019', category: 8 });
  });

  it('finds by title and text', async () => {
    await create({ title: 'Needle', note: 'in the haystack' });
    const { data } = await alice.put<unknown[][]>('tasks', 'search', { columns: '200' }, { pattern: 'hayst', folder });
    expect(data).to.deep.equal([['Needle']]);
  });
});
