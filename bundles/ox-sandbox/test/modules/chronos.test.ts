import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const always = Number.MAX_SAFE_INTEGER;
const range = { rangeStart: '20270101T000000Z', rangeEnd: '20270401T000000Z' };

type Event = Record<string, unknown> & { id: string; startDate: { value: string; tzid?: string } };

interface Result {
  readonly created: Event[];
  readonly updated: Event[];
  readonly deleted: Event[];
  readonly conflicts?: { hard_conflict: boolean; event: Event }[];
}

describe('chronos', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;
  const folder = 'cal://0/21';

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  after(() => server[Symbol.asyncDispose]());

  const berlin = (value: string): object => ({ value, tzid: 'Europe/Berlin' });
  const times = { startDate: berlin('20270201T100000'), endDate: berlin('20270201T110000') };
  const create = async (fields: object = {}, params: object = {}): Promise<Result> =>
    (await alice.put<Result>('chronos', 'new', { folder, ...params }, { summary: 'x', ...times, ...fields })).data;
  const id = async (fields: object = {}): Promise<string> => (await create(fields)).created[0]!.id;
  const get = async (event: string, params: object = {}): Promise<Event> =>
    (await alice.get<Event>('chronos', 'get', { folder, id: event, ...params })).data;
  const update = async (event: string, fields: object, params: object = {}): Promise<Result> =>
    (
      await alice.put<Result>(
        'chronos',
        'update',
        { folder, id: event, timestamp: always, ...params },
        { event: fields },
      )
    ).data;
  const starts = async (summary: string): Promise<string[]> => {
    const { data } = await alice.get<Event[]>('chronos', 'all', { folder, ...range, expand: true, sort: 'startDate' });
    return data.filter((event) => event['summary'] === summary).map(({ startDate }) => startDate.value);
  };

  it('gives back an event with its zone, what only chronos can say included', async () => {
    const fields = {
      summary: 'Full',
      description: 'd',
      location: 'l',
      categories: ['a', 'b'],
      class: 'CONFIDENTIAL',
      transp: 'TRANSPARENT',
      color: 'teal',
      url: 'https://x.example/',
      status: 'TENTATIVE',
      geo: { lat: 1, long: 2 },
      ...times,
    };
    expect(await get(await id(fields))).to.deep.include({
      ...fields,
      folder,
      organizer: { uri: 'mailto:alice@example.com', cn: 'Alice Winter', email: 'alice@example.com', entity: 3 },
    });
  });

  it('is the same appointment in the old calendar', async () => {
    const event = await id({
      summary: 'Both',
      class: 'PRIVATE',
      transp: 'TRANSPARENT',
      alarms: [{ action: 'DISPLAY', trigger: { duration: '-PT30M' } }],
    });
    const { data } = await alice.get<Record<string, unknown>>('calendar', 'get', { id: event, folder: 21 });
    expect(data).to.include({
      title: 'Both',
      private_flag: true,
      shown_as: 4,
      alarm: 30,
      start_date: Date.UTC(2027, 1, 1, 9),
      timezone: 'Europe/Berlin',
    });
    await alice.put(
      'calendar',
      'update',
      { id: event, folder: 21, timestamp: always },
      { title: 'Renamed', alarm: 5, ignore_conflicts: true },
    );
    const changed = await get(event);
    expect(changed).to.include({ summary: 'Renamed', class: 'PRIVATE' });
    expect(changed['alarms']).to.deep.equal([
      { id: 1, uid: 'alarm-3', action: 'DISPLAY', trigger: { duration: '-PT5M', related: 'START' } },
    ]);
  });

  it('writes days without a zone', async () => {
    const event = await get(await id({ startDate: { value: '20270301' }, endDate: { value: '20270303' } }));
    expect([event.startDate, event['endDate']]).to.deep.equal([{ value: '20270301' }, { value: '20270303' }]);
  });

  it('keeps several alarms, of each user his own', async () => {
    const alarms = [
      { action: 'DISPLAY', trigger: { duration: '-PT15M' } },
      { action: 'EMAIL', trigger: { dateTime: '20270130T080000Z' } },
    ];
    const event = await id({ alarms, attendees: [{ entity: 3 }, { entity: 4 }] });
    expect((await get(event))['alarms']).to.deep.equal(alarms.map((alarm, index) => ({ id: index + 1, ...alarm })));
    const own = (await bob.get<Event>('chronos', 'get', { folder: 'cal://0/25', id: event })).data;
    expect(own).not.to.have.property('alarms');
    expect(own['flags']).to.include.members(['needs_action', 'attendee', 'scheduled']);
  });

  it('repeats by the rule', async () => {
    const event = await id({ summary: 'Rule', rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4' });
    expect((await get(event))['rrule']).to.equal('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4');
    expect(await starts('Rule')).to.deep.equal([
      '20270201T100000',
      '20270205T100000',
      '20270215T100000',
      '20270219T100000',
    ]);
  });

  it('repeats by rules that the old calendar can not express', async () => {
    const rrule = 'FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4';
    const event = await id({ summary: 'Complex', rrule });
    expect((await get(event))['rrule']).to.equal(rrule);
    expect(await starts('Complex')).to.deep.equal([
      '20270201T100000',
      '20270215T100000',
      '20270301T100000',
      '20270315T100000',
    ]);
    expect(await alice.put('chronos', 'new', { folder }, { ...times, rrule: 'FREQ=HOURLY' })).to.include({
      code: 'CAL-4223',
    });
  });

  it('names occurrences by their original start, changed and deleted ones too', async () => {
    const event = await id({ summary: 'Named', rrule: 'FREQ=DAILY;COUNT=4' });
    const { created, updated } = await update(
      event,
      { summary: 'Named*', startDate: berlin('20270202T150000'), endDate: berlin('20270202T160000') },
      { recurrenceId: '20270202T090000Z' },
    );
    expect(created[0]).to.include({ summary: 'Named*', seriesId: event, recurrenceId: '20270202T090000Z' });
    expect(updated[0]).to.deep.include({ id: event, changeExceptionDates: ['20270202T090000Z'] });
    await alice.put(
      'chronos',
      'delete',
      { timestamp: always },
      { events: [{ folder, id: event, recurrenceId: '20270203T090000Z' }] },
    );
    expect((await get(event))['deleteExceptionDates']).to.deep.equal(['20270203T090000Z']);
    expect(await starts('Named')).to.deep.equal(['20270201T100000', '20270204T100000']);
    expect((await get(event, { recurrenceId: '20270202T090000Z' }))['summary']).to.equal('Named*');
    expect(await alice.get('chronos', 'get', { folder, id: event, recurrenceId: '20270203T090000Z' })).to.include({
      code: 'CAL-4041',
    });
  });

  it('splits a series for a change of this and all later occurrences', async () => {
    const event = await id({ summary: 'Split', rrule: 'FREQ=DAILY;COUNT=5' });
    const { created, updated } = await update(
      event,
      { summary: 'Second half' },
      { recurrenceId: '20270203T090000Z', recurrenceRange: 'THISANDFUTURE' },
    );
    expect(updated[0]!['rrule']).to.equal('FREQ=DAILY;INTERVAL=1;UNTIL=20270202T225959Z');
    expect(created[0]!['rrule']).to.equal('FREQ=DAILY;INTERVAL=1;COUNT=3');
    expect(await starts('Split')).to.deep.equal(['20270201T100000', '20270202T100000']);
    expect(await starts('Second half')).to.deep.equal(['20270203T100000', '20270204T100000', '20270205T100000']);
  });

  it('tells of conflicts only when asked', async () => {
    const at = { startDate: berlin('20270310T100000'), endDate: berlin('20270310T110000') };
    const first = await id({ ...at, summary: 'First' });
    const { created, conflicts } = await create({ ...at, summary: 'Second' }, { checkConflicts: true });
    expect(created).to.deep.equal([]);
    expect(conflicts!.map(({ event, hard_conflict: hard }) => [event.id, event['summary'], hard])).to.deep.equal([
      [first, 'First', false],
    ]);
    expect((await create({ ...at, summary: 'Second' })).created).to.have.length(1);
  });

  it('lets attendees answer, also for one occurrence', async () => {
    const event = await id({ rrule: 'FREQ=DAILY;COUNT=3', attendees: [{ entity: 3 }, { entity: 4 }] });
    const answer = { attendee: { entity: 4, partStat: 'DECLINED', comment: 'away' } };
    const place = { folder: 'cal://0/25', id: event, timestamp: always };
    const one = (
      await bob.put<Result>('chronos', 'updateAttendee', { ...place, recurrenceId: '20270202T090000Z' }, answer)
    ).data;
    expect(one.created).to.have.length(1);
    await bob.put('chronos', 'updateAttendee', place, { attendee: { entity: 4, partStat: 'ACCEPTED' } });
    const attendees = (await get(event))['attendees'] as { entity: number; partStat: string }[];
    expect(attendees.map(({ entity, partStat }) => [entity, partStat])).to.deep.equal([
      [3, 'ACCEPTED'],
      [4, 'ACCEPTED'],
    ]);
  });

  it('reports changes and deletions', async () => {
    const event = await id({ summary: 'Watch' });
    const { timestamp } = await alice.get<unknown>('chronos', 'get', { folder, id: event });
    const gone = await id({ summary: 'Gone' });
    await update(event, { summary: 'Watched' });
    await alice.put('chronos', 'delete', { timestamp: always }, [{ folder, id: gone }]);
    const { data } = await alice.get<{ newAndModified: Event[]; deleted: Event[] }>('chronos', 'updates', {
      folder,
      timestamp,
      fields: 'id,summary',
    });
    expect(data.newAndModified).to.deep.equal([{ id: event, summary: 'Watched' }]);
    expect(data.deleted.map((entry) => entry.id)).to.deep.equal([gone]);
  });

  it('refuses old states, and is not there in 6.x', async () => {
    const event = await id();
    expect(
      await alice.put('chronos', 'update', { folder, id: event, timestamp: 1 }, { event: { summary: 'y' } }),
    ).to.include({ code: 'CAL-4120' });
    await using old = await TestServer.start({ imitate: '6.x' });
    const client = await OxClient.login(old.url);
    expect(await client.get('chronos', 'all', range)).to.include({ code: 'SVL-0007' });
  });

  it('takes files with an event and gives them out', async () => {
    const form = new FormData();
    form.set('json_0', JSON.stringify({ summary: 'Files', ...times }));
    form.set('file_0', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
    const { data } = await alice.post<Result>('chronos', 'new', { folder }, form);
    const [event] = data.created;
    const [file] = event!['attachments'] as { managedId: number; filename: string; size: number }[];
    expect(file).to.include({ filename: 'a.txt', size: 7 });
    const response = await alice.raw('GET', 'chronos', 'getAttachment', {
      folder,
      id: event!.id,
      managedId: file!.managedId,
    });
    expect(await response.text()).to.equal('content');
  });
});
