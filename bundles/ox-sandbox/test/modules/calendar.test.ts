import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const day = 86_400_000;
const hour = 3_600_000;
const monday = Date.UTC(2027, 0, 4);
const always = Number.MAX_SAFE_INTEGER;

describe('calendar', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;
  const folder = 21;
  let bobFolder: number;

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
    bobFolder = (await bob.get<number>('config/folder/calendar', '')).data;
  });
  after(() => server[Symbol.asyncDispose]());

  const times = { start_date: monday + 9 * hour, end_date: monday + 10 * hour };
  const create = async (fields: object = {}, client = alice): Promise<string> => {
    const body = {
      folder_id: folder,
      title: 'x',
      ignore_conflicts: true,
      timezone: 'Europe/Berlin',
      ...times,
      ...fields,
    };
    const answer = await client.put<{ id: string }>('calendar', 'new', {}, body);
    expect(answer.error).to.equal(undefined);
    return answer.data.id;
  };
  const refuse = (fields: object): Promise<unknown> =>
    alice.put('calendar', 'new', {}, { folder_id: folder, title: 'x', ...times, ...fields });
  const read = async (id: string, client = alice, inFolder = folder): Promise<Record<string, unknown>> =>
    (await client.get<Record<string, unknown>>('calendar', 'get', { id, folder: inFolder })).data;
  const update = (
    id: string,
    body: object,
    timestamp = always,
  ): Promise<{ data: { id: string }; timestamp: number; code?: string }> =>
    alice.put<{ id: string }>('calendar', 'update', { id, folder, timestamp }, { ignore_conflicts: true, ...body });
  const remove = (element: object): Promise<unknown> =>
    alice.put('calendar', 'delete', { timestamp: always }, [{ folder, ...element }]);
  const expanded = async (start: number, end: number, title: string): Promise<number[][]> => {
    const { data } = await alice.get<unknown[][]>('calendar', 'all', {
      folder,
      start,
      end,
      columns: '200,201,202,207',
    });
    return data.filter((row) => row[0] === title).map((row) => row.slice(1) as number[]);
  };

  it('gives back what was put in, and makes the owner take part', async () => {
    const fields = {
      title: 'Lunch',
      location: 'Canteen',
      note: 'Bring money',
      shown_as: 3,
      alarm: 20,
      color_label: 4,
      categories: 'a,b',
      private_flag: true,
      uid: 'lunch-1',
    };
    const appointment = await read(await create(fields));
    expect(appointment).to.include({
      ...fields,
      ...times,
      full_time: false,
      timezone: 'Europe/Berlin',
      organizer: 'alice@example.com',
      organizerId: 3,
      sequence: 0,
    });
    expect(appointment['users']).to.deep.equal([{ id: 3, display_name: 'Alice Winter', confirm: 1 }]);
    expect(appointment).not.to.have.any.keys('recurrence_id', 'recurrence_position');
  });

  for (const [code, fields] of [
    ['APP-0020', { end_date: monday }],
    ['APP-0021', { color_label: 11 }],
    ['APP-0025', { shown_as: 5 }],
    ['APP-0026', { start_date: null }],
    ['APP-0027', { end_date: null }],
    ['APP-0028', { title: '' }],
    ['APP-0008', { participants: [{ type: 5 }] }],
    ['APP-0103', { participants: [{ type: 1, id: 77 }] }],
    ['APP-0022', { folder_id: 31, private_flag: true }],
    [
      'APP-0023',
      {
        private_flag: true,
        participants: [
          { type: 1, id: 3 },
          { type: 1, id: 4 },
        ],
      },
    ],
    ['APP-0086', { recurrence_type: 1, interval: 1, until: monday - 30 * day }],
    ['APP-0087', { recurrence_type: 1 }],
    ['APP-0089', { recurrence_type: 2, interval: 1 }],
    ['APP-0090', { recurrence_type: 3, interval: 1 }],
    ['APP-0091', { recurrence_type: 4, interval: 1, day_in_month: 1 }],
    ['APP-0095', { recurrence_type: 1, interval: 1, until: monday + day, occurrences: 2 }],
    ['APP-0096', { recurrence_type: 1, interval: 1, days: 2 }],
    ['APP-0096', { recurrence_type: 2, interval: 1, days: 2, month: 3 }],
    ['APP-0096', { recurrence_type: 3, interval: 1, day_in_month: 3, month: 3 }],
    ['APP-0097', { interval: 1 }],
    ['APP-0109', { recurrence_type: 7, interval: 1 }],
    ['APP-0072', { location: 'x'.repeat(300) }],
    ['APP-0054', { folder_id: 22 }],
    ['APP-0100', { uid: 'lunch-1' }],
  ] as const)
    it(`refuses ${JSON.stringify(fields).slice(0, 70)} as ${code}`, async () => {
      expect(await refuse({ ignore_conflicts: true, ...fields })).to.include({ code });
    });

  it('takes and gives times by the user’s clock, and days without any shift', async () => {
    const berlin = { timezone: 'Europe/Berlin' };
    const body = {
      folder_id: folder,
      title: 'Zones',
      ignore_conflicts: true,
      start_date: monday + 9 * hour,
      end_date: monday + 10 * hour,
    };
    const { data } = await alice.put<{ id: string }>('calendar', 'new', berlin, body);
    expect(await read(data.id)).to.include({ start_date: monday + 8 * hour });
    const allDay = await create({
      title: 'Days',
      full_time: true,
      start_date: monday + 5 * hour,
      end_date: monday + day + 7 * hour,
    });
    const row = (
      await alice.put<unknown[][]>('calendar', 'list', { ...berlin, columns: '201,202,401' }, [{ id: allDay, folder }])
    ).data[0];
    expect(row).to.deep.equal([monday, monday + day, true]);
  });

  it('refuses a change based on an old state as CAL-4120, in 6.x as a generic conflict', async () => {
    const id = await create();
    expect(await update(id, { title: 'y' }, 1)).to.include({ code: 'CAL-4120', category: 9 });
    await using old = await TestServer.start({ imitate: '6.x' });
    const client = await OxClient.login(old.url);
    const answer = await client.put('calendar', 'update', { id: 1, folder, timestamp: 1 }, { title: 'y' });
    expect(answer).to.include({ code: 'OX-0002', category: 9 });
    expect(answer).not.to.have.any.keys('categories', 'error_desc');
  });

  it('lies in the calendars of all participants, who answer for themselves', async () => {
    const id = await create({
      title: 'Duo',
      alarm: 5,
      participants: [
        { id: 3, type: 1 },
        { id: 4, type: 1 },
        { type: 5, mail: 'guest@example.org' },
      ],
    });
    const seen = await read(id, bob, bobFolder);
    expect(seen).to.include({ title: 'Duo', folder_id: String(bobFolder) });
    expect(seen).not.to.have.property('alarm');
    expect(seen['confirmations']).to.deep.equal([
      { type: 5, mail: 'guest@example.org', display_name: 'guest@example.org', status: 0, message: '' },
    ]);
    const { timestamp } = await bob.get('calendar', 'get', { id, folder: bobFolder });
    await bob.put(
      'calendar',
      'confirm',
      { id, folder: bobFolder, timestamp },
      { confirmation: 3, confirmmessage: 'perhaps' },
    );
    expect((await read(id))['users']).to.deep.equal([
      { id: 3, display_name: 'Alice Winter', confirm: 1 },
      { id: 4, display_name: 'Bob Sommer', confirm: 3, confirmmessage: 'perhaps' },
    ]);
    expect(
      (await alice.get<unknown[]>('calendar', 'updates', { folder, timestamp, columns: '1', ignore: 'false' })).data,
    ).to.deep.equal([[id]]);
  });

  it('leaves the calendar of who deletes an invitation, and of who is no longer invited', async () => {
    const participants = [
      { id: 3, type: 1 },
      { id: 4, type: 1 },
    ];
    const id = await create({ participants });
    const { timestamp } = await bob.get('calendar', 'get', { id, folder: bobFolder });
    await bob.put('calendar', 'delete', { timestamp }, [{ id, folder: bobFolder }]);
    expect(
      (await bob.get('calendar', 'updates', { folder: bobFolder, timestamp, columns: '1', ignore: 'false' })).data,
    ).to.deep.equal([id]);
    expect((await read(id))['participants']).to.deep.equal([
      { id: 3, type: 1, display_name: 'Alice Winter', mail: 'alice@example.com' },
    ]);
    await update(id, { participants });
    expect(await read(id, bob, bobFolder)).to.include({ id });
    await update(id, { participants: participants.slice(0, 1) });
    expect(await bob.get('calendar', 'get', { id, folder: bobFolder })).to.include({ code: 'CAL-4040' });
    expect(await update(id, { participants: participants.slice(1) })).to.include({ code: 'APP-0076' });
  });

  it('answers conflicts instead of an id, and stores nothing', async () => {
    const at = { start_date: monday + 40 * day, end_date: monday + 40 * day + hour };
    const id = await create({ ...at, title: 'First' });
    const answer = await alice.put<{ conflicts: Record<string, unknown>[] }>(
      'calendar',
      'new',
      {},
      { folder_id: folder, title: 'Second', ...at },
    );
    expect(
      answer.data.conflicts.map((conflict) => [conflict['id'], conflict['title'], conflict['hard_conflict']]),
    ).to.deep.equal([[id, 'First', false]]);
    expect(await expanded(at.start_date, at.end_date, 'Second')).to.deep.equal([]);
    expect(await refuse({ ...at, shown_as: 4 })).to.have.nested.property('data.id');
  });

  it('never lets a room be booked twice', async () => {
    const at = {
      start_date: monday + 41 * day,
      end_date: monday + 41 * day + hour,
      participants: [
        { id: 3, type: 1 },
        { id: 1, type: 3 },
      ],
    };
    await create(at);
    const answer = await alice.put<{ conflicts: Record<string, unknown>[] }>(
      'calendar',
      'new',
      {},
      { folder_id: folder, title: 'Late', ignore_conflicts: true, ...at },
    );
    expect(answer.data.conflicts[0]).to.include({ hard_conflict: true });
  });

  it('tells when somebody is busy, and what with only to those who may read it', async () => {
    const at = { start_date: monday + 42 * day, end_date: monday + 42 * day + hour };
    await create({ ...at, title: 'Secret' });
    const range = { start: at.start_date, end: at.end_date, id: 3, type: 1 };
    const own = (await alice.get<Record<string, unknown>[]>('calendar', 'freebusy', range)).data;
    const others = (await bob.get<Record<string, unknown>[]>('calendar', 'freebusy', range)).data;
    expect(own[0]).to.include({ title: 'Secret', folder_id: '21', shown_as: 1, ...at });
    expect(others[0]).to.include({ shown_as: 1, ...at });
    expect(others[0]).not.to.have.any.keys('title', 'folder_id');
    expect(await alice.get('calendar', 'freebusy', { ...range, type: 2 })).to.include({ code: 'APP-0019' });
  });

  it('finds by uid and by title', async () => {
    const id = await create({ title: 'Haystack with needle', uid: 'find-me' });
    expect((await alice.get('calendar', 'resolveuid', { uid: 'find-me' })).data).to.deep.equal({ id });
    expect(await bob.get('calendar', 'resolveuid', { uid: 'find-me' })).to.include({ code: 'CAL-4040' });
    expect(
      (await alice.put<unknown[]>('calendar', 'search', { columns: '1' }, { pattern: 'needle' })).data,
    ).to.deep.equal([[id]]);
  });

  it('moves a single appointment, but no series and no occurrence', async () => {
    const id = await create();
    await update(id, { folder_id: 29 });
    expect(await read(id, alice, 29)).to.include({ folder_id: '29' });
    const series = await create({ recurrence_type: 1, interval: 1, occurrences: 5 });
    expect(await update(series, { folder_id: 29 })).to.include({ code: 'APP-0093' });
    const exception = (await update(series, { recurrence_position: 2, title: 'y' })).data.id;
    expect(await update(exception, { folder_id: 29 })).to.include({ code: 'APP-0066' });
  });

  describe('series', () => {
    const daily = { title: 'Daily', recurrence_type: 1, interval: 1, occurrences: 5 };

    it('shows once as a row, or as often as it takes place', async () => {
      const id = await create({ ...daily, title: 'Rows' });
      const masters = await alice.get<unknown[][]>('calendar', 'all', {
        folder,
        start: 0,
        end: always,
        recurrence_master: true,
        columns: '200,1,206,207,209,222,410',
      });
      expect(masters.data.find(([title]) => title === 'Rows')).to.deep.equal([
        'Rows',
        id,
        Number(id),
        null,
        1,
        5,
        monday,
      ]);
      expect(await expanded(monday, monday + 30 * day, 'Rows')).to.deep.equal(
        [1, 2, 3, 4, 5].map((position) => [
          times.start_date + (position - 1) * day,
          times.end_date + (position - 1) * day,
          position,
        ]),
      );
      expect(await expanded(monday + 3 * day, monday + 4 * day, 'Rows')).to.have.length(1);
    });

    it('keeps the time of day by the clock of its zone', async () => {
      const start = Date.UTC(2027, 2, 27, 8);
      await create({ ...daily, title: 'Summer', occurrences: 3, start_date: start, end_date: start + hour });
      expect(
        (await expanded(start - day, start + 9 * day, 'Summer')).map(([time]) => (time! - start) / hour),
      ).to.deep.equal([0, 23, 47]);
    });

    it('starts with the first day that fits', async () => {
      const id = await create({ title: 'Tuesdays', recurrence_type: 2, interval: 1, days: 4, occurrences: 2 });
      expect(await read(id)).to.include({ start_date: times.start_date + day, end_date: times.end_date + day });
    });

    it('makes a changed occurrence an object of its own', async () => {
      const id = await create({ ...daily, title: 'Change' });
      const answer = await update(id, {
        recurrence_position: 3,
        title: 'Changed',
        start_date: monday + 2 * day + 15 * hour,
        end_date: monday + 2 * day + 16 * hour,
      });
      expect(answer.data.id).not.to.equal(id);
      const exception = await read(answer.data.id);
      expect(exception).to.include({
        title: 'Changed',
        recurrence_id: Number(id),
        recurrence_position: 3,
        recurrence_date_position: monday + 2 * day,
      });
      expect(exception['change_exceptions']).to.deep.equal([monday + 2 * day]);
      expect((await read(id))['change_exceptions']).to.deep.equal([monday + 2 * day]);
      expect((await expanded(monday, monday + 9 * day, 'Change')).map((row) => row[2])).to.deep.equal([1, 2, 4, 5]);
      expect(await expanded(monday, monday + 9 * day, 'Changed')).to.have.length(1);
      const again = await update(id, { recurrence_date_position: monday + 2 * day, location: 'there' });
      expect(again.data.id).to.equal(answer.data.id);
      expect(await read(answer.data.id)).to.include({ title: 'Changed', location: 'there' });
      const rows = await alice.get<unknown[]>('calendar', 'getChangeExceptions', { id, folder, columns: '1' });
      expect(rows.data).to.deep.equal([[answer.data.id]]);
    });

    it('forgets a deleted occurrence, by position, by day, and by the id of its exception', async () => {
      const id = await create({ ...daily, title: 'Delete' });
      const exception = (await update(id, { recurrence_position: 4, title: 'Del-4' })).data.id;
      await remove({ id, pos: 1 });
      await remove({ id, recurrence_date_position: monday + day });
      await remove({ id: exception });
      expect((await read(id))['delete_exceptions']).to.deep.equal([monday, monday + day, monday + 3 * day]);
      expect(await read(id)).not.to.have.property('change_exceptions');
      expect((await expanded(monday, monday + 9 * day, 'Delete')).map((row) => row[2])).to.deep.equal([3, 5]);
      expect(await update(id, { recurrence_position: 1, title: 'back' })).to.include({ code: 'APP-0098' });
      expect(await update(id, { recurrence_position: 6, title: 'never' })).to.include({ code: 'APP-0074' });
      expect(await update(id, { recurrence_date_position: monday + 20 * day, title: 'never' })).to.include({
        code: 'APP-0075',
      });
    });

    it('takes its exceptions with it', async () => {
      const id = await create({ ...daily, title: 'All' });
      const exception = (await update(id, { recurrence_position: 2, title: 'One' })).data.id;
      const { timestamp } = await alice.get('calendar', 'get', { id, folder });
      await remove({ id });
      const { data } = await alice.get<unknown[]>('calendar', 'updates', {
        folder,
        timestamp,
        columns: '1',
        recurrence_master: true,
      });
      expect(data).to.have.members([id, exception]);
    });

    it('loses its exceptions when the pattern changes, and keeps them otherwise', async () => {
      const id = await create({ ...daily, title: 'Pattern' });
      const exception = (await update(id, { recurrence_position: 2, title: 'One' })).data.id;
      await update(id, { title: 'Pattern 2' });
      expect(await read(exception)).to.include({ title: 'One' });
      await update(id, { recurrence_type: 2, interval: 1, days: 62 });
      expect(await alice.get('calendar', 'get', { id: exception, folder })).to.include({ code: 'CAL-4040' });
      const changed = await read(id);
      expect(changed).to.include({ recurrence_type: 2, days: 62 });
      expect(changed).not.to.have.any.keys('change_exceptions', 'occurrences');
    });

    it('ends with recurrence_type 0', async () => {
      const id = await create({ ...daily, title: 'Once' });
      await update(id, { recurrence_type: 0 });
      expect(await read(id)).not.to.have.any.keys('recurrence_id', 'interval', 'occurrences');
      expect(await expanded(monday, monday + 9 * day, 'Once')).to.have.length(1);
    });

    it('answers one occurrence on demand', async () => {
      const id = await create({ ...daily, title: 'Fourth' });
      const { data } = await alice.get<object>('calendar', 'get', { id, folder, recurrence_position: 4 });
      expect(data).to.include({
        start_date: times.start_date + 3 * day,
        recurrence_position: 4,
        recurrence_date_position: monday + 3 * day,
      });
      const rows = await alice.put<unknown[]>('calendar', 'list', { columns: '201' }, [
        { id, folder, recurrence_position: 2 },
        { id, folder },
      ]);
      expect(rows.data).to.deep.equal([[times.start_date + day], [times.start_date]]);
    });

    it('lets a participant answer one occurrence', async () => {
      const id = await create({
        ...daily,
        title: 'Answer',
        participants: [
          { id: 3, type: 1 },
          { id: 4, type: 1 },
        ],
      });
      await bob.put(
        'calendar',
        'confirm',
        { id, folder: bobFolder, timestamp: always, occurrence: 2 },
        { confirmation: 2, confirmmessage: '' },
      );
      const rows = await alice.get<string[][]>('calendar', 'getChangeExceptions', { id, folder, columns: '1' });
      const confirms = ((await read(rows.data[0]![0]!))['users'] as { confirm: number }[]).map(
        ({ confirm }) => confirm,
      );
      expect(confirms).to.deep.equal([1, 2]);
      expect(((await read(id))['users'] as { confirm: number }[]).map(({ confirm }) => confirm)).to.deep.equal([1, 0]);
    });
  });

  it('hides private appointments of others in shared folders', async () => {
    await alice.put(
      'calendar',
      'new',
      {},
      { folder_id: 29, title: 'Mine', private_flag: true, ignore_conflicts: true, ...times },
    );
    await alice.put('calendar', 'new', {}, { folder_id: 29, title: 'Ours', ignore_conflicts: true, ...times });
    const { data } = await bob.get<unknown[]>('calendar', 'all', {
      folder: 29,
      start: monday,
      end: monday + day,
      columns: '200',
    });
    expect(data).to.deep.include(['Ours']).and.not.to.deep.include(['Mine']);
  });

  it('asks 6.x clients for the ignore parameter, and hides nothing by default later', async () => {
    const id = await create();
    const { timestamp } = await alice.get('calendar', 'get', { id, folder });
    await remove({ id });
    expect((await alice.get('calendar', 'updates', { folder, timestamp, columns: '1' })).data).to.deep.equal([id]);
    await using old = await TestServer.start({ imitate: '6.x' });
    const client = await OxClient.login(old.url);
    expect(await client.get('calendar', 'updates', { folder, timestamp: 0, columns: '1' })).to.include({
      code: 'SVL-0002',
    });
    const { data } = await client.get<unknown[]>('calendar', 'updates', {
      folder,
      timestamp: 0,
      columns: '1,20',
      ignore: 'deleted',
      recurrence_master: true,
    });
    expect(data[0]).to.deep.equal([2, 21]);
  });
});
