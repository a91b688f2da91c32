import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const inbox = 'default0/INBOX';
const day = 86_400_000;

describe('settings and people', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  after(() => server[Symbol.asyncDispose]());

  const config = async (path: string, client = alice): Promise<unknown> =>
    (await client.get<unknown>(`config/${path}`, '')).data;

  it('tell who one is and where one’s folders are', async () => {
    expect(await config('identifier')).to.equal(3);
    expect(await config('context_id')).to.equal(1);
    expect(await config('folder/calendar')).to.equal(21);
    expect(await config('mail/folder/trash')).to.equal('default0/Trash');
    expect(await config('modules/mail/defaultFolder/sent')).to.equal('default0/Sent');
    expect(await config('mail/sendaddress')).to.equal('alice@example.com');
    expect(await config('modules/com.openexchange.usm.eas/module')).to.equal(true);
    expect(await config('folder')).to.deep.include({ tasks: 20, contacts: 22 });
    expect(await alice.get('config/no/such/path', '')).to.include({ code: 'CONF-0001' });
  });

  it('are written where that is allowed', async () => {
    await bob.put('config/timezone', '', {}, '"Asia/Tokyo"');
    expect(await config('timezone', bob)).to.equal('Asia/Tokyo');
    expect(await config('timezone')).to.equal('Europe/Berlin');
    await bob.put('config/my/own', '', {}, '{"x":[1]}');
    expect(await config('my/own', bob)).to.deep.equal({ x: [1] });
    expect(await bob.put('config/identifier', '', {}, '7')).to.include({ code: 'CONF-0002' });
  });

  it('list users, groups and resources', async () => {
    const { data } = await alice.get<unknown[][]>('user', 'all', { columns: '1,500,610,613,614,615' });
    expect(data).to.deep.equal([
      ['3', 'Alice Winter', ['alice@example.com', 'alice.winter@example.com'], [0, 3], '1', 'alice@example.com'],
      ['4', 'Bob Sommer', ['bob@example.com'], [0, 3], '2', 'bob@example.com'],
    ]);
    const { data: groups } = await alice.put<{ name: string; members: number[] }[]>(
      'group',
      'search',
      {},
      { pattern: '*' },
    );
    expect(groups.map(({ name, members }) => [name, members])).to.deep.equal([
      ['users', [3, 4]],
      ['team', [3, 4]],
    ]);
    const { data: resources } = await alice.put<{ mailaddress: string }[]>(
      'resource',
      'search',
      {},
      { pattern: 'elb*' },
    );
    expect(resources.map(({ mailaddress }) => mailaddress)).to.deep.equal(['elbe@example.com']);
    expect(await alice.get('user', 'get', { id: 99 })).to.include({ code: 'USR-0002' });
  });

  it('change the password of who knows it', async () => {
    expect(await bob.put('passwordchange', 'update', {}, { old_password: 'x', new_password: 'y' })).to.include({
      code: 'LGI-0006',
    });
    await bob.put('passwordchange', 'update', {}, { old_password: 'secret', new_password: 'better' });
    expect(await new OxClient(server.url).login('bob@example.com', 'secret')).to.include({ code: 'LGI-0006' });
    expect(await new OxClient(server.url).login('bob@example.com', 'better')).to.have.property('session');
  });

  it('keep JSON of clients, merged on update', async () => {
    await alice.put('jslob', 'set', { id: 'x' }, { a: { b: 1 }, c: 1 });
    await alice.put('jslob', 'update', { id: 'x' }, { a: { d: 2 }, c: null });
    const { data } = await alice.put<{ tree: unknown }[]>('jslob', 'list', {}, ['x']);
    expect(data[0]!.tree).to.deep.equal({ a: { b: 1, d: 2 }, c: null });
  });

  it('remind of tasks and of the next time of a series', async () => {
    const end = server.clock.time + 30 * day;
    const { data } = await alice.get<
      { module: number; alarm: number; target_id: number; recurrence_position: number; id: number }[]
    >('reminder', 'range', { end });
    const meeting = data.find(({ module, target_id: target }) => module === 1 && target === 1)!;
    expect(meeting).to.include({ recurrence_position: 7, alarm: Date.UTC(2026, 10, 30, 8) - 15 * 60_000 });
    expect(data.some(({ module }) => module === 4)).to.equal(true);
    await alice.put('reminder', 'delete', {}, [{ id: meeting.id }]);
    const rest = (await alice.get<{ id: number }[]>('reminder', 'range', { end })).data;
    expect(rest.some(({ id }) => id === meeting.id)).to.equal(false);
  });

  describe('mail filter', () => {
    const vacation = {
      id: 'vacation',
      days: '7',
      subject: 'Away',
      text: 'Back soon',
      addresses: ['alice@example.com'],
    };
    const last = async (): Promise<unknown[]> =>
      (
        await bob.get<unknown[][]>('mail', 'all', {
          folder: inbox,
          columns: '607,662',
          sort: 600,
          order: 'desc',
          limit: 1,
        })
      ).data[0]!;
    const write = (): Promise<unknown> =>
      bob.put('mail', 'new', {}, 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: Are you there?\r\n\r\nx');

    it('keeps rules in order', async () => {
      const add = async (rulename: string, position?: number): Promise<number> =>
        (
          await bob.put<number>(
            'mailfilter/v2',
            'new',
            {},
            { rulename, position, test: { id: 'true' }, actioncmds: [{ id: 'keep' }] },
          )
        ).data;
      const names = async (): Promise<string[]> =>
        (await bob.get<{ rulename: string }[]>('mailfilter/v2', 'list')).data.map(({ rulename }) => rulename);
      const [a, b] = [await add('a'), await add('b')];
      const c = await add('c', 0);
      expect(await names()).to.deep.equal(['c', 'a', 'b']);
      await bob.put('mailfilter/v2', 'reorder', {}, [b, a, c]);
      expect(await names()).to.deep.equal(['b', 'a', 'c']);
      await bob.put('mailfilter/v2', 'delete', {}, { id: a });
      expect(await names()).to.deep.equal(['b', 'c']);
      expect(await bob.put('mailfilter/v2', 'delete', {}, { id: a })).to.include({ code: 'MAIL_FILTER-0004' });
      expect(
        await bob.put('mailfilter/v2', 'new', {}, { test: { id: 'magic' }, actioncmds: [{ id: 'keep' }] }),
      ).to.include({ code: 'MAIL_FILTER-0001' });
    });

    it('answers for who is away, once in so many days, and only between its dates', async () => {
      const today = Math.floor(server.clock.time / day) * day;
      const dates = (from: number, to: number): object => ({
        id: 'allof',
        tests: [
          { id: 'currentdate', comparison: 'ge', datepart: 'date', datevalue: [from] },
          { id: 'currentdate', comparison: 'le', datepart: 'date', datevalue: [to] },
        ],
      });
      const rule = {
        rulename: 'Away',
        flags: ['vacation'],
        test: dates(today + day, today + 3 * day),
        actioncmds: [vacation],
      };
      const { data: id } = await alice.put<number>('mailfilter', 'new', {}, rule);
      expect((await alice.get<unknown[]>('mailfilter/v2', 'list', { flag: 'vacation' })).data).to.have.length(1);
      await write();
      expect((await last())[0]).not.to.equal('Away');
      await alice.put('mailfilter', 'update', {}, { id, test: dates(today - day, today) });
      await write();
      expect(await last()).to.deep.equal(['Away', 'Back soon']);
      const count = (await bob.get('mail', 'count', { folder: inbox })).data;
      await write();
      expect((await bob.get('mail', 'count', { folder: inbox })).data).to.equal(count);
      const from = (value: string): object => ({
        id: 'header',
        ...{ comparison: 'matches', headers: ['From'], values: [value] },
      });
      await alice.put('mailfilter', 'update', {}, { id, test: from('*@elsewhere.test') });
      await write();
      expect((await bob.get('mail', 'count', { folder: inbox })).data).to.equal(count);
      await alice.put('mailfilter', 'update', {}, { id, test: from('*@example.com') });
      await write();
      expect((await bob.get<number>('mail', 'count', { folder: inbox })).data).to.equal(Number(count) + 1);
      expect((await alice.put<string>('mailfilter', 'getscript', {}, '')).data).to.include(
        'vacation :days 7 :subject "Away" "Back soon";',
      );
    });
  });

  it('hold attachments of contacts, tasks and appointments', async () => {
    const { data } = await alice.put<{ id: string }>('contacts', 'new', {}, { folder_id: 22, display_name: 'Files' });
    const address = { module: 7, attached: data.id, folder: 22 };
    const form = new FormData();
    form.set('json_0', JSON.stringify({ ...address, attached: Number(data.id), filename: 'ä.bin' }));
    form.set('file_0', new Blob([new Uint8Array([0, 255, 1])], { type: 'application/x-y' }), 'other.bin');
    const { timestamp: before } = await alice.get('contacts', 'get', { id: data.id, folder: 22 });
    const { data: ids } = await alice.post<string[]>('attachment', 'attach', {}, form);
    const contact = await alice.get<object>('contacts', 'get', { id: data.id, folder: 22 });
    expect(contact.data).to.include({ number_of_attachments: 1 });
    expect(contact.timestamp).to.be.greaterThan(before);
    const { data: rows } = await alice.get('attachment', 'all', { ...address, columns: '1,803,804,805' });
    expect(rows).to.deep.equal([[ids[0], 'ä.bin', 3, 'application/x-y']]);
    const response = await alice.raw('GET', 'attachment', 'document', { ...address, id: ids[0]! });
    expect([...new Uint8Array(await response.arrayBuffer())]).to.deep.equal([0, 255, 1]);
    expect(await bob.get('attachment', 'all', { ...address, columns: '1' })).to.include({ code: 'CON-0104' });
    await alice.put('attachment', 'detach', address, ids);
    expect((await alice.get('attachment', 'all', { ...address, columns: '1' })).data).to.deep.equal([]);
  });

  it('take in and give out vCards and calendars', async () => {
    const form = new FormData();
    form.set(
      'file',
      new Blob(['BEGIN:VCARD\r\nVERSION:3.0\r\nFN:In Out\r\nN:Out;In;;;\r\nEMAIL:in@out.example\r\nEND:VCARD\r\n']),
      'x.vcf',
    );
    const { data } = await alice.post<{ id: string; folder_id: string }[]>('import', 'VCARD', { folder: 28 }, form);
    const response = await alice.raw(
      'PUT',
      'export',
      'VCARD',
      {},
      JSON.stringify([{ folder_id: '28', id: data[0]!.id }]),
    );
    expect(await response.text())
      .to.include('FN:In Out')
      .and.to.include('EMAIL;TYPE=work:in@out.example');
    const calendar = await alice.raw('GET', 'export', 'ICAL', { folder: 21 });
    const text = await calendar.text();
    expect(text).to.match(/^BEGIN:VCALENDAR/);
    expect(text).to.include('SUMMARY:Team meeting').and.to.include('RRULE:FREQ=WEEKLY;').and.to.include('EXDATE:');
    const back = new FormData();
    back.set('file', new Blob([text]), 'x.ics');
    const { data: imported } = await alice.post<{ id?: string; error?: string }[]>(
      'import',
      'ICAL',
      { folder: 29, ignoreUIDs: true },
      back,
    );
    expect(imported.filter(({ error }) => error !== undefined)).to.deep.equal([]);
    const rows = async (folder: number): Promise<unknown[][]> => {
      const range = {
        start: 0,
        end: Number.MAX_SAFE_INTEGER,
        recurrence_master: true,
        columns: '200,201,202,209,215,401',
        sort: 200,
        order: 'asc',
      };
      return (await alice.get<unknown[][]>('calendar', 'all', { folder, ...range })).data;
    };
    expect(await rows(29))
      .to.have.length(imported.length)
      .and.to.deep.include((await rows(21)).find(([title]) => title === 'Rent'));
  });
});
