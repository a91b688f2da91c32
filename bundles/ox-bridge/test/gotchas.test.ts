import { expect } from 'chai';
import type { Appointment, Contact, Task } from '@oxtender/bundle-api';
import { calendarColumns } from '../src/columns/calendar';
import { plainDate } from '../src/columns/codecs';
import { contactColumns } from '../src/columns/contacts';
import type { OxBody } from '../src/columns/column-table';
import { decodeRecurrence, encodeRecurrence } from '../src/columns/recurrence';
import { taskColumns } from '../src/columns/tasks';
import { writeEvent } from '../src/modules/calendar/chronos/event-fields';
import { type Script, oxError } from './support/scripted-server';
import { failureOf, sandboxed, scripted, signal, streamOf } from './support/session';

const contacts = { id: '31', itemClass: 'Contacts' as const };
const calendar = { id: '32', itemClass: 'Calendar' as const };
const tasks = { id: '33', itemClass: 'Tasks' as const };
const inbox = { id: 'default0/INBOX', itemClass: 'Email' as const };
const options = { signal };

const nobody = { userId: 3, byId: () => undefined, byAddress: () => undefined };

/** Empty answers for everything that is listed. */
const empty: Readonly<Record<string, Script>> = {
  '*': () => ({ json: { data: [], timestamp: 1000 } }),
};

/** A row of the columns that a call asked for. */
function row(columns: string | null, values: Readonly<Record<number, unknown>>): unknown[] {
  return (columns ?? '').split(',').map((id) => values[Number(id)] ?? null);
}

/** Things about OX that broke other clients; the numbers are those of the list that the project was given. */
describe('what broke other clients of OX', () => {
  it('1: sends timezone=UTC with every call, also inside multiple', async () => {
    await using one = await scripted(empty);
    using session = await one.login();
    await session.list(contacts, options);
    await session.changes(calendar, '5', options);
    await session.changes(tasks, '5', options);
    await session.listFolders(options).catch(() => undefined);
    const calls = one.server.calls.filter(({ module }) => module !== 'login');
    expect(calls.filter(({ query }) => query.get('timezone') !== 'UTC').map(({ module }) => module)).to.deep.equal([]);
    expect(calls.length).to.be.greaterThan(8);
  });

  it('2: keeps all cookies, the User-Agent and the client id for the whole session', async () => {
    const cookies = ['open-xchange-secret-x=abc; path=/; HttpOnly', 'JSESSIONID=77.OX1; path=/'];
    const answer = { session: 's1', user: 'anna', user_id: 3, context_id: 1 };
    await using one = await scripted({
      ...empty,
      'login login': () => ({ headers: { 'Set-Cookie': cookies }, text: JSON.stringify(answer) }),
    });
    using session = await one.login();
    await session.list(contacts, options);
    const [login, ...rest] = one.server.calls;
    expect(new URLSearchParams(login?.body).get('client')).to.equal('USM-EAS');
    for (const { headers } of rest) expect(headers.cookie).to.equal('open-xchange-secret-x=abc; JSESSIONID=77.OX1');
    expect(new Set(one.server.calls.map(({ headers }) => headers['user-agent']))).to.deep.equal(
      new Set(['Open-Xchange USM HTTP Client']),
    );
  });

  it('3: uses one session for all devices of a user, and logs out of it', async () => {
    const one = await scripted(empty);
    const sessions = await Promise.all([one.login(), one.login(), one.login()]);
    for (const session of sessions) session[Symbol.dispose]();
    await one[Symbol.asyncDispose]();
    expect(one.server.callsOf('login login')).to.have.length(1);
    expect(one.server.callsOf('login logout')).to.have.length(1);
  });

  it('4: finds errors in answers of status 200, and a lost session in a page of status 403', async () => {
    let asked = 0;
    await using one = await scripted({
      'contacts all': () => oxError('CON-0104', 3),
      'tasks all': () => {
        asked += 1;
        if (asked === 1)
          return { status: 403, headers: { 'Content-Type': 'text/html' }, text: '<html>Forbidden</html>' };
        return { json: { data: [], timestamp: 0 } };
      },
      'folders get': () => ({ json: { data: {} } }),
    });
    using session = await one.login();
    expect(await failureOf(session.list(contacts, options))).to.include({ code: 'PERMISSION' });
    expect((await session.list(tasks, options)).items).to.deep.equal([]);
    expect(one.server.callsOf('login login')).to.have.length(2);
  });

  it('5: logs in again once for a lost session, and never for category 4 alone', async () => {
    await using one = await scripted({
      'contacts all': () => oxError('SES-0203', 4),
      'tasks all': () => oxError('TSK-0054', 4),
    });
    using session = await one.login();
    expect(await failureOf(session.list(contacts, options))).to.include({ code: 'UNAVAILABLE', retryable: true });
    expect(one.server.callsOf('contacts all')).to.have.length(2);
    expect(one.server.callsOf('login login')).to.have.length(2);
    expect(await failureOf(session.list(tasks, options))).to.include({ code: 'UNAVAILABLE' });
    expect(one.server.callsOf('tasks all')).to.have.length(1);
    expect(one.server.callsOf('login login')).to.have.length(2);
  });

  it('6: reads deletions as bare ids among rows, and never asks mail for updates', async () => {
    await using one = await scripted({
      ...empty,
      'contacts updates': ({ query }) => ({
        json: { data: [row(query.get('columns'), { 1: '12', 6: 2000, 500: 'Bob' }), '9', 10], timestamp: 2000 },
      }),
      'calendar updates': () => ({ json: { data: [7, { id: 8, folder: 32 }], timestamp: 2000 } }),
    });
    using session = await one.login();
    const delta = await session.changes(contacts, '1000', options);
    expect(delta).to.deep.include({ kind: 'delta', deleted: ['9', '10'] });
    expect(delta.kind === 'delta' && delta.changed).to.deep.equal([
      { id: '12', version: '2000', item: { displayName: 'Bob' } },
    ]);
    expect(await session.changes(calendar, '1000', options)).to.deep.include({ deleted: ['7', '8'] });
    await session.changes(inbox, 'x|y', options);
    expect(one.server.callsOf('mail updates')).to.have.length(0);
  });

  it('7: says ignore=false to every module', async () => {
    await using one = await scripted(empty);
    using session = await one.login();
    for (const folder of [contacts, calendar, tasks]) await session.changes(folder, '5', options);
    const updates = one.server.calls.filter(({ action }) => action === 'updates');
    expect(updates.map(({ module, query }) => [module, query.get('ignore')])).to.deep.equal([
      ['contacts', 'false'],
      ['calendar', 'false'],
      ['tasks', 'false'],
    ]);
  });

  it('8: takes versions and timestamps from last_modified_utc, not from last_modified', async () => {
    await using one = await scripted({
      ...empty,
      'contacts all': ({ query }) => ({
        json: { data: [row(query.get('columns'), { 1: '12', 5: 3_602_000, 6: 2000 })], timestamp: 2000 },
      }),
    });
    using session = await one.login();
    const { items, token } = await session.list(contacts, options);
    expect(items).to.deep.equal([{ id: '12', version: '2000' }]);
    await session.changes(contacts, token, options);
    expect(one.server.callsOf('contacts updates')[0]?.query.get('timestamp')).to.equal('2000');
    for (const { query } of one.server.calls) expect((query.get('columns') ?? '').split(',')).to.not.include('5');
  });

  it('9: takes ids as texts, whether they come as numbers or not, and never looks into them', async () => {
    await using one = await scripted({
      ...empty,
      'contacts all': ({ query }) => ({
        json: { data: [12, 'con://0/31/12'].map((id) => row(query.get('columns'), { 1: id, 6: 5 })), timestamp: 5 },
      }),
    });
    using session = await one.login();
    const composite = { id: 'con://0/31', itemClass: 'Contacts' as const };
    expect((await session.list(composite, options)).items.map(({ id }) => id)).to.deep.equal(['12', 'con://0/31/12']);
    expect(one.server.callsOf('contacts all')[0]?.query.get('folder')).to.equal('con://0/31');
  });

  it('10: reports the new ids of moved mails and of renamed folders', async () => {
    await using one = await scripted({
      'mail list': ({ query }) => ({ json: { data: [row(query.get('columns'), { 600: '7', 611: 32, 102: 0 })] } }),
      'mail update': () => ({ json: { data: { folder_id: 'default0/Trash', id: '41' } } }),
      'folders update': () => ({ json: { data: 'default0/New' } }),
    });
    using session = await one.login();
    const target = { id: 'default0/Trash', itemClass: 'Email' as const };
    expect(await session.move(inbox, ['7'], target, options)).to.deep.equal([
      { id: '7', moved: { id: '41', version: '32.0' } },
    ]);
    const old = { id: 'default0/Old', itemClass: 'Email' as const };
    expect(await session.updateFolder(old, { name: 'New' }, options)).to.deep.equal({ id: 'default0/New' });
  });

  it('11: never marks a mail as read by reading it', async () => {
    await using one = await sandboxed('7.10');
    using session = await one.login();
    const { items } = await session.list(inbox, options);
    const unread = items.filter(({ flags }) => flags?.read === false).map(({ id }) => id);
    expect(unread).to.have.length.greaterThan(3);
    await session.read(inbox, unread, { ...options, bodies: ['text', 'html'], maxSourceSize: 10_000 });
    const after = (await session.list(inbox, options)).items.filter(({ flags }) => flags?.read === false);
    expect(after.map(({ id }) => id)).to.deep.equal(unread);
  });

  it('12: leaves out mails that are deleted and not yet expunged', async () => {
    const flags = new Map([
      ['1', 32],
      ['2', 34],
    ]);
    await using one = await scripted({
      ...empty,
      'mail all': ({ query }) => ({
        json: { data: [...flags].map(([id, bits]) => row(query.get('columns'), { 600: id, 611: bits, 610: 1 })) },
      }),
      'mail list': ({ query }) => ({
        json: { data: [...flags].map(([id, bits]) => row(query.get('columns'), { 600: id, 611: bits, 607: 'x' })) },
      }),
      'mail get': () => ({ json: { data: { attachments: [] } } }),
    });
    using session = await one.login();
    expect((await session.list(inbox, options)).items.map(({ id }) => id)).to.deep.equal(['1']);
    const [kept, gone] = await session.read(inbox, ['1', '2'], options);
    expect(kept?.error).to.equal(undefined);
    expect(gone?.error).to.include({ code: 'NOT_FOUND' });
  });

  it('13: reads texts raw and the source as bytes', async () => {
    await using one = await scripted({
      ...empty,
      'mail list': ({ query }) => ({ json: { data: [row(query.get('columns'), { 600: '1', 611: 0, 602: true })] } }),
      'mail get': ({ query }) =>
        query.get('src') === '1'
          ? { headers: { 'Content-Disposition': 'attachment' }, text: Buffer.from('X: \xe4\r\n\r\n', 'latin1') }
          : {
              json: {
                data: { attachments: [{ id: '1', content_type: 'text/plain', content: 'a < b\nc', disp: 'inline' }] },
              },
            },
    });
    using session = await one.login();
    const [found] = await session.read(inbox, ['1'], { ...options, bodies: ['text'], maxSourceSize: 99 });
    expect(found?.error ? undefined : found?.item.bodies).to.deep.equal([{ format: 'text', content: 'a < b\nc' }]);
    expect(Buffer.from(found?.error ? [] : (found?.item.source ?? [])).toString('latin1')).to.equal('X: \xe4\r\n\r\n');
    const [text, source] = one.server.callsOf('mail get').map(({ query }) => Object.fromEntries(query));
    expect(text).to.include({ view: 'raw', unseen: 'true' });
    expect(source).to.include({ src: '1', save: '1', unseen: 'true' });
  });

  it('14: sends in the name of an address that OX takes for the user', async () => {
    await using one = await scripted({
      'mail new': () => ({ json: { data: { folder_id: 'default0/Sent', id: '1' } } }),
    });
    using session = await one.login();
    const send = async (from: string): Promise<string | undefined> => {
      const source = `From: ${from}\r\nTo: bob@example.com\r\n\r\nHi`;
      await session.mail?.send(streamOf(source), { ...options, saveInSent: true });
      return one.server.callsOf('mail new').at(-1)?.body;
    };
    expect(await send('"Anna A." <anna@elsewhere.org>')).to.match(/^From: "Anna A\." <anna@example\.com>\r\nTo: /);
    expect(await send('anna@elsewhere.org')).to.match(/^From: anna@example\.com\r\nTo: /);
    expect(await send('Anna <ANNA@example.com>')).to.match(/^From: Anna <ANNA@example\.com>\r\n/);
  });

  it('15: sets answered and forwarded itself', async () => {
    await using one = await scripted({
      'mail update': () => ({ json: { data: { folder_id: inbox.id, id: '7' } } }),
      'mail list': ({ query }) => ({ json: { data: [row(query.get('columns'), { 600: '7', 611: 257, 102: 0 })] } }),
    });
    using session = await one.login();
    await session.patch(inbox, '7', { answered: true, forwarded: true }, options);
    expect(one.server.callsOf('mail update').map(({ body }) => JSON.parse(body) as unknown)).to.deep.equal([
      { flags: 257, value: true },
    ]);
  });

  it('16: reads series by their masters, and exceptions by the time of day of the series on their date', async () => {
    // Nine in the morning of Berlin, which is 8 UTC in winter and 7 UTC in summer.
    const start = Date.UTC(2027, 2, 22, 8);
    const master = {
      1: '50',
      6: 10,
      200: 'Series',
      201: start,
      202: start + 3_600_000,
      206: 50,
      209: 1,
      215: 1,
      408: 'Europe/Berlin',
    };
    const date = Date.UTC(2027, 2, 29);
    await using one = await scripted({
      ...empty,
      'calendar list': ({ query }) => ({
        json: { data: [row(query.get('columns'), { ...master, 210: [date], 211: [date + 86_400_000] })] },
      }),
      'calendar getChangeExceptions': ({ query }) => ({
        json: {
          data: [
            row(query.get('columns'), {
              ...{ 1: '57', 6: 20, 200: 'Moved', 206: 50, 208: date, 210: [date], 408: 'Europe/Berlin' },
              ...{ 201: Date.UTC(2027, 2, 29, 12), 202: Date.UTC(2027, 2, 29, 13) },
            }),
          ],
        },
      }),
    });
    using session = await one.login();
    const [found] = await session.read(calendar, ['50'], options);
    expect(one.server.callsOf('calendar list')[0]?.query.get('recurrence_master')).to.equal('true');
    expect(found).to.include({ version: '10.20.1' });
    expect(found?.error ? undefined : found?.item.exceptions).to.deep.equal([
      {
        originalStart: Date.UTC(2027, 2, 29, 7),
        start: Date.UTC(2027, 2, 29, 12),
        end: Date.UTC(2027, 2, 29, 13),
        allDay: false,
        title: 'Moved',
      },
      { originalStart: Date.UTC(2027, 2, 30, 7), deleted: true },
    ]);
  });

  it('17: counts months from 0 in OX and from 1 in the record; days of the week alike, the fifth is the last', () => {
    const fields = encodeRecurrence({ frequency: 'yearly', interval: 1, month: 3, weekOfMonth: 5, daysOfWeek: 65 });
    expect(fields).to.deep.equal({ recurrence_type: 4, interval: 1, days: 65, day_in_month: 5, month: 2 });
    expect(decodeRecurrence([4, 1, 65, 5, 2, null, null])).to.deep.include({
      month: 3,
      weekOfMonth: 5,
      daysOfWeek: 65,
    });
  });

  it('18: leaves out fields that do not fit the recurrence, and never says both ends', () => {
    expect(encodeRecurrence({ frequency: 'daily', interval: 2 })).to.deep.equal({ recurrence_type: 1, interval: 2 });
    expect(encodeRecurrence({ frequency: 'monthly', interval: 1, dayOfMonth: 15, occurrences: 3 })).to.deep.equal({
      ...{ recurrence_type: 3, interval: 1, day_in_month: 15, occurrences: 3 },
    });
    const both = encodeRecurrence({
      frequency: 'weekly',
      interval: 1,
      daysOfWeek: 2,
      occurrences: 3,
      until: '2027-01-01',
    });
    expect(both).to.have.property('occurrences');
    expect(both).to.not.have.property('until');
  });

  it('19: takes the nearest day for dates that phones send as noon or midnight of their own', () => {
    for (const hours of [-11, -2, 0, 2, 11])
      expect(plainDate.decode(Date.UTC(1984, 3, 1) + hours * 3_600_000)).to.equal('1984-04-01');
    expect(plainDate.encode('1984-04-01')).to.equal(Date.UTC(1984, 3, 1));
  });

  it('20: writes whole days as dates, the end exclusive', () => {
    const start = Date.UTC(2027, 5, 1);
    const local = start - 2 * 3_600_000;
    const day: Appointment = { start: local, end: local + 86_400_000, allDay: true };
    expect(calendarColumns.writeBody(day, { people: nobody })).to.deep.equal({
      full_time: true,
      start_date: start,
      end_date: start + 86_400_000,
    });
  });

  it('21: writes private_flag and full_time as booleans', () => {
    const context = { people: nobody };
    expect(calendarColumns.writeBody({ sensitivity: 'private', allDay: false }, context)).to.deep.equal({
      private_flag: true,
      full_time: false,
    });
    expect(calendarColumns.writeBody({ sensitivity: 'normal' }, context)).to.deep.equal({ private_flag: false });
    expect(contactColumns.writeBody({ private: true }, undefined)).to.deep.equal({ private_flag: true });
  });

  it('22: tells which folders are the default ones, so that old phones can be shown these alone', async () => {
    const folder = (id: string, type: number, standard: boolean) => ({
      1: id,
      20: '1',
      300: id,
      308: standard,
      316: type,
      305: 403710016,
    });
    await using one = await scripted({
      'folders allVisible': ({ query }) => ({
        json: {
          data:
            query.get('content_type') === 'contacts'
              ? {
                  private: [folder('31', 3, true), folder('35', 0, false)].map((one) => row(query.get('columns'), one)),
                  shared: [row(query.get('columns'), { ...folder('77', 3, true), 20: 'u:4' })],
                }
              : {},
        },
      }),
    });
    using session = await one.login();
    const folders = await session.listFolders(options);
    expect(folders.map(({ id, role, space }) => [id, role, space])).to.deep.equal([
      ['31', 'contacts', 'private'],
      ['35', undefined, 'private'],
      ['77', undefined, 'shared'],
    ]);
  });

  it('23: deletes by an array, and reads failures from the answer', async () => {
    await using one = await scripted({
      'contacts delete': ({ body }) => {
        const kept = (JSON.parse(body) as { id: string }[]).filter(({ id }) => id === '2').map(({ id }) => id);
        return { json: { data: kept, timestamp: 5 } };
      },
    });
    using session = await one.login();
    const results = await session.delete(contacts, ['1', '2'], { ...options, mode: 'permanent' });
    expect(results.map(({ id, error }) => [id, error?.code])).to.deep.equal([
      ['1', undefined],
      ['2', 'CONFLICT'],
    ]);
    expect(JSON.parse(one.server.callsOf('contacts delete')[0]?.body ?? '')).to.deep.equal([
      { folder: '31', id: '1' },
      { folder: '31', id: '2' },
    ]);
  });

  it('24: takes the HTML off the answers of uploads', async () => {
    const answer = '{"data":{"id":"12 (\\"new\\")"},"timestamp":5}';
    await using one = await scripted({
      'contacts new': () => ({
        headers: { 'Content-Type': 'text/html' },
        text: `<!DOCTYPE html><html><head><script type="text/javascript">(parent["callback_new"])(${answer})</script></head></html>`,
      }),
    });
    using session = await one.login();
    const item: Contact = { displayName: 'X', picture: { contentType: 'image/png', data: 'aGk=' } };
    expect(await session.create(contacts, item, { ...options, key: 'k' })).to.deep.equal({
      id: '12 ("new")',
      version: '5',
    });
  });

  it('25: asks contacts for none of the columns that are others in the module user', () => {
    expect(contactColumns.columns.filter((id) => id >= 610 && id <= 615)).to.deep.equal([]);
  });

  it('26: leaves other alarms of an appointment alone', () => {
    const alarms = [
      { id: 1, action: 'EMAIL', trigger: { duration: '-P1D' } },
      { id: 2, action: 'DISPLAY', trigger: { duration: '-PT15M' } },
      { id: 3, action: 'DISPLAY', trigger: { duration: '-PT1H' } },
    ];
    const present = { id: '1', startDate: { value: '20270101T100000Z' }, alarms };
    expect(writeEvent({ reminder: 5 }, { people: nobody, present })['alarms']).to.deep.equal([
      { id: 2, action: 'DISPLAY', trigger: { duration: '-PT5M', related: 'START' } },
      alarms[0],
      alarms[2],
    ]);
    expect(writeEvent({ title: 'X' }, { people: nobody, present })).to.deep.equal({ summary: 'X' });
  });

  it('27: moves a series by copying and deleting it', async () => {
    await using one = await sandboxed('7.10');
    using session = await one.login();
    const make = async (name: string) => ({
      ...(await session.createFolder({ name, itemClass: 'Calendar' }, options)),
      itemClass: 'Calendar' as const,
    });
    const [from, to] = [await make('from'), await make('to')];
    const start = Date.UTC(2027, 0, 4, 9);
    const series: Appointment = {
      ...{ title: 'Weekly', start, end: start + 3_600_000, allDay: false, timeZone: 'Europe/Berlin' },
      recurrence: { frequency: 'weekly', interval: 1, daysOfWeek: 2 },
    };
    const { id } = await session.create(from, series, { ...options, key: crypto.randomUUID() });
    const [result] = await session.move(from, [id], to, options);
    expect(result?.error ? undefined : result?.moved.id)
      .to.be.a('string')
      .that.is.not.equal(id);
    expect((await session.list(from, options)).items).to.have.length(0);
    expect((await session.list(to, options)).items).to.have.length(1);
  });

  it('28: batches, and says the User-Agent that OX is lenient to', async () => {
    await using one = await sandboxed('7.10');
    using session = await one.login();
    const { items } = await session.list(inbox, options);
    const before = session.calls?.count ?? 0;
    const results = await session.read(
      inbox,
      items.map(({ id }) => id),
      { ...options, bodies: ['text'] },
    );
    expect(results.filter(({ error }) => error)).to.deep.equal([]);
    expect((session.calls?.count ?? 0) - before).to.be.at.most(3);
    expect(results.length).to.be.greaterThan(15);
  });

  it('29: stores appointments that overlap', async () => {
    await using one = await scripted({
      'calendar new': ({ body }) => ({
        json: {
          data: (JSON.parse(body) as OxBody)['ignore_conflicts'] === true ? { id: 5 } : { conflicts: [{}] },
          timestamp: 9,
        },
      }),
    });
    using session = await one.login();
    const item: Appointment = { title: 'Busy', start: 0, end: 1, allDay: false };
    expect(await session.create(calendar, item, { ...options, key: 'k' })).to.deep.equal({ id: '5', version: '9' });
  });

  it('30: shortens what is too long, field by field, and stores it', async () => {
    const limits: Readonly<Record<string, number>> = { last_name: 10, note: 20 };
    await using one = await scripted({
      'contacts new': ({ body }) => {
        const object = JSON.parse(body) as Record<string, string>;
        for (const [name, size] of Object.entries(limits))
          if ((object[name] ?? '').length > size)
            return oxError('CON-0154', 1, {
              problematic: [{ id: name === 'note' ? 518 : 502, max_size: size, length: 99 }],
            });
        return { json: { data: { id: '5' }, timestamp: 7 } };
      },
      'tasks new': () => oxError('TSK-0041', 12, { problematic: [{ id: 300, max_size: 1, length: 2 }] }),
    });
    using session = await one.login();
    const item: Contact = {
      firstName: 'Kurt',
      lastName: 'x'.repeat(50),
      body: { format: 'text', content: 'y'.repeat(50) },
    };
    expect(await session.create(contacts, item, { ...options, key: 'k' })).to.deep.equal({ id: '5', version: '7' });
    const stored = JSON.parse(one.server.callsOf('contacts new').at(-1)?.body ?? '') as unknown;
    expect(stored).to.include({ first_name: 'Kurt', last_name: 'x'.repeat(10), note: 'y'.repeat(20) });
    // What is no text cannot be shortened: the caller learns which field it is.
    const failure = await failureOf(session.create(tasks, { title: 'X', status: 'done' }, { ...options, key: 'k' }));
    expect(failure).to.include({ code: 'TOO_LONG' });
    expect((failure as { fields: string[] }).fields).to.include('status');
  });

  it('31: sends the password in the body, never in the URL', async () => {
    await using one = await scripted(empty);
    using session = await one.login();
    await session.list(contacts, options);
    expect(one.server.calls.filter(({ query }) => query.toString().includes('secret'))).to.deep.equal([]);
    expect(new URLSearchParams(one.server.calls[0]?.body).get('password')).to.equal('secret');
  });

  it('32: keeps percent and status in agreement, and sees the next of a series as a new task', async () => {
    const table = taskColumns(true);
    const body = (task: Task): OxBody => table.writeBody(task, undefined);
    expect(body({ status: 'done', percentCompleted: 40 })).to.include({ status: 3, percent_completed: 100 });
    expect(body({ status: 'not-started', percentCompleted: 40 })).to.include({ status: 1, percent_completed: 0 });
    expect(body({ percentCompleted: 100 })).to.include({ status: 3, percent_completed: 100 });
    expect(body({ percentCompleted: 40 })).to.include({ status: 2, percent_completed: 40 });

    await using one = await sandboxed('7.10');
    using session = await one.login();
    const made = await session.createFolder({ name: 'series', itemClass: 'Tasks' }, options);
    const folder = { ...made, itemClass: 'Tasks' as const };
    const start = Date.UTC(2027, 0, 4);
    const series: Task = { title: 'Backup', start, due: start, recurrence: { frequency: 'daily', interval: 1 } };
    const { id } = await session.create(folder, series, { ...options, key: crypto.randomUUID() });
    const { token } = await session.list(folder, options);
    await session.patch(folder, id, { status: 'done', percentCompleted: 100 }, options);
    const delta = await session.changes(folder, token, options);
    const ids = delta.kind === 'delta' ? delta.changed.map((one) => one.id) : [];
    expect(ids).to.include(id);
    expect(ids).to.have.length(2);
  });
});
