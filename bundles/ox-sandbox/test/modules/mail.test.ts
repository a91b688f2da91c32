import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const inbox = 'default0/INBOX';

interface MailData extends Record<string, unknown> {
  attachments: { id: string; content_type: string; content?: string; filename?: string; size: number; disp: string }[];
  nested_msgs: MailData[];
}

describe('mail', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;

  /** A folder of its own for each test. */
  let archive: string;
  let folders = 0;

  before(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  beforeEach(async () => {
    const folder = { title: `Test ${++folders}`, module: 'mail' };
    archive = (await alice.put<string>('folders', 'new', { folder_id: 'default0' }, { folder })).data;
  });
  after(() => server[Symbol.asyncDispose]());

  const put = async (source: string | Buffer, folder: string = archive, params: object = {}): Promise<string> =>
    (await alice.put<{ id: string }>('mail', 'new', { folder, ...params }, source)).data.id;
  const row = async (id: string, columns: string, folder: string = archive): Promise<unknown[]> =>
    (await alice.put<unknown[][]>('mail', 'list', { columns }, [{ folder, id }])).data[0]!;
  const demo = async (subject: string): Promise<string> => {
    const { data } = await alice.get<string[][]>('mail', 'all', { folder: inbox, columns: '600,607', sort: 600 });
    return data.find((found) => found[1] === subject)![0]!;
  };
  const get = async (id: string, params: object = {}, folder = inbox): Promise<MailData> =>
    (await alice.get<MailData>('mail', 'get', { folder, id, unseen: true, ...params })).data;

  const simple =
    'From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\r\nTo: alice@example.com, "Team, the" <team@example.org>\r\nCc: Undisclosed:;\r\nSubject: =?utf-8?B?w5xiZXIg8J+OiA==?=\r\nDate: Mon, 02 Nov 2026 10:00:00 +0200\r\nX-Priority: 1\r\nX-Custom: yes\r\nMessage-ID: <one@example.org>\r\n\r\nHello <you> & me\r\n';

  it('gives the columns of a message as it was parsed', async () => {
    const id = await put(simple);
    expect(await row(id, '600,601,602,603,604,607,608,609,610,611,614,656,662')).to.deep.equal([
      ...[
        id,
        archive,
        false,
        [['Jörg', 'joerg@example.org']],
        [
          [null, 'alice@example.com'],
          ['Team, the', 'team@example.org'],
        ],
      ],
      ...[
        'Über 🎈',
        simple.length,
        Date.UTC(2026, 10, 2, 8),
        server.clock.time,
        0,
        1,
        'text/plain',
        'Hello <you> & me',
      ],
    ]);
  });

  it('gives any header by name, after the columns', async () => {
    const id = await put(simple);
    const { data } = await alice.put<unknown[][]>(
      'mail',
      'list',
      { columns: '600,X-Custom', headers: 'Message-ID,X-None' },
      [{ folder: archive, id }],
    );
    expect(data).to.deep.equal([[id, 'yes', '<one@example.org>', null]]);
  });

  it('marks as seen what is read, unless asked not to', async () => {
    const id = await put(simple);
    await get(id, {}, archive);
    expect(await row(id, '611')).to.deep.equal([0]);
    await alice.get('mail', 'get', { folder: archive, id, hdr: 1 });
    expect(await row(id, '611')).to.deep.equal([0]);
    await alice.get('mail', 'get', { folder: archive, id });
    expect(await row(id, '611')).to.deep.equal([32]);
  });

  it('gives the source as text, and byte for byte as a download', async () => {
    const source = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from([0xe4, 0xff, 0x00, 0x0d, 0x0a])]);
    const id = await put(source);
    const { data } = await alice.get<string>('mail', 'get', { folder: archive, id, src: 1 });
    expect(data).to.equal(source.toString('latin1'));
    const response = await alice.raw('GET', 'mail', 'get', { folder: archive, id, src: 1, save: 1 });
    expect(Buffer.from(await response.arrayBuffer()).equals(source)).to.equal(true);
    expect(response.headers.get('content-disposition')).to.match(/^attachment/);
  });

  it('gives the header block, and finds by Message-ID', async () => {
    await put(simple);
    const { data } = await alice.get<string>('mail', 'get', {
      folder: archive,
      message_id: '<one@example.org>',
      hdr: 1,
    });
    expect(data).to.equal(simple.split('\r\n\r\n')[0]);
    expect(await alice.get('mail', 'get', { folder: archive, message_id: '<two@example.org>' })).to.include({
      code: 'MSG-0032',
      category: 1,
    });
  });

  it('escapes text for browsers, but neither in view raw nor text', async () => {
    const id = await put(simple);
    const content = async (view: string): Promise<unknown> =>
      (await get(id, view === '' ? {} : { view }, archive)).attachments[0]!.content;
    expect(await content('')).to.equal('Hello &lt;you&gt; &amp; me<br>');
    expect(await content('raw')).to.equal('Hello <you> & me\r\n');
    expect(await content('text')).to.equal('Hello <you> & me\r\n');
    expect(await get(id, { max_size: 5, view: 'raw' }, archive))
      .to.deep.include({ truncated: true })
      .and.to.have.nested.property('attachments[0].content', 'Hello');
  });

  it('picks of alternatives what the view wants, all of them when raw', async () => {
    const id = await demo('Draft of the contract');
    const shown = async (view: string): Promise<unknown> =>
      (await get(id, { view })).attachments.map(({ content_type: type, content, disp }) => [
        type,
        content?.trim(),
        disp,
      ]);
    expect(await shown('text')).to.deep.equal([['text/plain', 'See the marked passages.', 'inline']]);
    expect(await shown('html')).to.deep.equal([['text/html', '<p>See the <u>marked</u> passages.</p>', 'inline']]);
    expect(await shown('raw')).to.deep.equal([
      ['text/plain', 'See the marked passages.', 'inline'],
      ['text/html', '<p>See the <u>marked</u> passages.</p>', 'alternative'],
    ]);
  });

  it('decodes charsets and transfer encodings', async () => {
    expect((await get(await demo('Bestätigung'), { view: 'raw' })).attachments[0]!.content).to.equal(
      'Die Bestellung ist bestätigt. Grüße\r\n',
    );
  });

  it('lists files with names and sizes, and gives them out whole', async () => {
    const id = await demo('Photos of the summer party');
    const mail = await get(id);
    const files = mail.attachments.filter(({ disp }) => disp === 'attachment');
    expect(files.map(({ id: part, filename, content_type: type }) => [part, filename, type])).to.deep.equal([
      ['2', 'party.png', 'image/png'],
      ['3', 'Gästeliste.csv', 'text/csv'],
    ]);
    for (const { id: attachment, size } of files) {
      const response = await alice.raw('GET', 'mail', 'attachment', { folder: inbox, id, attachment });
      expect((await response.arrayBuffer()).byteLength).to.equal(size);
    }
    const csv = await alice.raw('GET', 'mail', 'attachment', { folder: inbox, id, attachment: '3' });
    expect(await csv.text()).to.equal('Name;Zusage\r\nJörg;ja\r\nRenée;nein\r\n');
    expect(csv.headers.get('content-type')).to.match(/^text\/csv/);
    expect(csv.headers.get('content-disposition')).to.equal('attachment; filename="Gästeliste.csv"');
    const none = await alice.raw('GET', 'mail', 'attachment', { folder: inbox, id, attachment: '9' });
    expect(await none.json()).to.include({ code: 'MSG-0024' });
  });

  it('finds pictures of the text by their content id', async () => {
    const response = await alice.raw('GET', 'mail', 'attachment', {
      folder: inbox,
      id: await demo('Our new logo'),
      cid: '<logo@example.com>',
    });
    expect(response.headers.get('content-type')).to.equal('image/png');
  });

  it('looks into messages inside messages', async () => {
    const id = await demo('Fwd: Delivery note');
    const [inner] = (await get(id)).nested_msgs;
    expect(inner).to.deep.include({
      id: '2',
      subject: 'Delivery note',
      from: [['Logistics', 'logistics@example.org']],
    });
    expect(inner!.attachments.map(({ id: part, filename }) => [part, filename])).to.deep.equal([
      ['2.1', undefined],
      ['2.2', 'note.png'],
    ]);
    const response = await alice.raw('GET', 'mail', 'attachment', { folder: inbox, id, attachment: '2.2' });
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).to.equal('PNG');
  });

  it('sends to users of this server, with a copy in Sent and no Bcc for anybody', async () => {
    const raw =
      'From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nBcc: alice.winter@example.com\r\nSubject: Sent\r\n\r\nText';
    const { data } = await alice.put<{ folder_id: string; id: string }>('mail', 'new', {}, raw);
    expect(data.folder_id).to.equal('default0/Sent');
    expect(await row(data.id, '607,606,611', 'default0/Sent')).to.deep.equal([
      'Sent',
      [[null, 'alice.winter@example.com']],
      32,
    ]);
    for (const client of [alice, bob]) {
      const [last] = (
        await client.get<unknown[][]>('mail', 'all', {
          folder: inbox,
          columns: '607,606,611,603,X-Originating-Client',
          sort: 600,
          order: 'desc',
          limit: 1,
        })
      ).data;
      expect(last).to.deep.equal(['Sent', [], 16, [['Alice', 'alice@example.com']], 'USM-EAS']);
    }
  });

  it('refuses senders that are not the user’s, and mails to nobody', async () => {
    expect(await alice.put('mail', 'new', {}, 'From: bob@example.com\r\nTo: bob@example.com\r\n\r\nx')).to.include({
      code: 'MSG-0056',
      category: 1,
    });
    expect(await alice.put('mail', 'new', {}, 'From: alice@example.com\r\n\r\nx')).to.include({ code: 'MSG-0031' });
    expect(await alice.put('mail', 'new', { folder: 'default0/None' }, 'Subject: x\r\n\r\nx')).to.include({
      code: 'MSG-0066',
    });
    expect(await alice.put('mail', 'new', { folder: 'default0' }, 'Subject: x\r\n\r\nx')).to.include({
      code: 'MSG-0050',
    });
  });

  it('returns mail that it can not deliver', async () => {
    await alice.put('mail', 'new', {}, 'From: alice@example.com\r\nTo: nobody@example.org\r\nSubject: x\r\n\r\nx');
    const [last] = (
      await alice.get<unknown[][]>('mail', 'all', {
        folder: inbox,
        columns: '607,662',
        sort: 600,
        order: 'desc',
        limit: 1,
      })
    ).data;
    expect(last![0]).to.equal('Undelivered mail returned to sender');
    expect(last![1]).to.include('nobody@example.org');
  });

  it('composes mail from JSON and files, and marks the original as answered', async () => {
    const id = await demo('Bestätigung');
    const form = new FormData();
    form.set(
      'json_0',
      JSON.stringify({
        from: [['Alice', 'alice@example.com']],
        to: [['Bob', 'bob@example.com']],
        subject: 'Re: Bestätigung',
        msgref: `${inbox}/${id}`,
        sendtype: 1,
        attachments: [{ content_type: 'text/plain', content: 'Danke! ✔' }],
      }),
    );
    form.set('file_0', new Blob(['data'], { type: 'text/x-data' }), 'ä.dat');
    const { data } = await alice.post<{ id: string; folder_id: string }>('mail', 'new', {}, form);
    const sent = await get(data.id, { view: 'text' }, data.folder_id);
    expect(sent.attachments[0]!.content?.trim()).to.equal('Danke! ✔');
    expect(sent.attachments[1]).to.include({ filename: 'ä.dat', size: 4 });
    expect((await row(id, '611', inbox))[0]).to.equal(33);
  });

  it('imports several messages at once', async () => {
    const form = new FormData();
    for (const name of ['a', 'b'])
      form.append('file', new Blob([`Subject: ${name}\r\n\r\nx`], { type: 'message/rfc822' }), `${name}.eml`);
    const { data } = await alice.post<{ folder_id: string; id: string }[]>(
      'mail',
      'import',
      { folder: archive, flags: 32 },
      form,
    );
    expect(await Promise.all(data.map(({ id }) => row(id, '607,611')))).to.deep.equal([
      ['a', 32],
      ['b', 32],
    ]);
  });

  it('sets and clears flags in both ways, and colours', async () => {
    const id = await put(simple);
    const update = (body: object): Promise<{ code?: string }> =>
      alice.put('mail', 'update', { folder: archive, id }, body);
    await update({ flags: 8, value: true });
    await update({ set_flags: 33, clear_flags: 0 });
    expect(await row(id, '611')).to.deep.equal([41]);
    await update({ flags: 32, value: false });
    await update({ clear_flags: 8, color_label: 3 });
    expect(await row(id, '611,102')).to.deep.equal([1, 3]);
    expect(await update({ color_label: 11 })).to.include({ code: 'MSG-0010' });
    expect(await update({ set_flags: -1 })).to.include({ code: 'MSG-0048' });
    await alice.put('mail', 'update', { folder: archive }, { flags: 8, value: true });
    expect(await row(id, '611')).to.deep.equal([9]);
    expect((await alice.put('mail', 'all_seen', { folder: archive }, '')).data).to.equal(true);
    expect(await row(id, '611')).to.deep.equal([41]);
  });

  it('gives a moved mail another id, and never an old one again', async () => {
    const first = await put(simple);
    const { data: moved } = await alice.put<{ id: string; folder_id: string }>(
      'mail',
      'update',
      { folder: archive, id: first },
      { folder_id: 'default0/INBOX/Projects', flags: 32, value: true },
    );
    expect(moved.folder_id).to.equal('default0/INBOX/Projects');
    expect(await row(moved.id, '611,607', moved.folder_id)).to.deep.equal([32, 'Über 🎈']);
    expect(await alice.get('mail', 'get', { folder: archive, id: first })).to.include({ code: 'MSG-0032' });
    const { data: copied } = await alice.put<{ id: string }>(
      'mail',
      'copy',
      { folder: moved.folder_id, id: moved.id },
      { folder_id: archive },
    );
    expect(Number(copied.id)).to.be.greaterThan(Number(first));
    expect(await row(copied.id, '607')).to.deep.equal(['Über 🎈']);
  });

  it('deletes into the trash, and there for good', async () => {
    const id = await put(simple);
    expect(
      (
        await alice.put('mail', 'delete', {}, [
          { folder: archive, id },
          { folder: archive, id: '999' },
        ])
      ).data,
    ).to.deep.equal(['999']);
    const trash = 'default0/Trash';
    const [last] = (
      await alice.get<string[][]>('mail', 'all', { folder: trash, columns: '600,607', sort: 600, order: 'desc' })
    ).data;
    expect(last![1]).to.equal('Über 🎈');
    await alice.put('mail', 'delete', {}, [{ folder: trash, id: last![0] }]);
    const left = (await alice.get<unknown[]>('mail', 'all', { folder: trash, columns: '600' })).data;
    expect(left).to.have.length(1);
    const hard = await put(simple);
    await alice.put('mail', 'delete', { harddelete: 1 }, [{ folder: archive, id: hard }]);
    expect((await alice.get<unknown[]>('mail', 'all', { folder: trash, columns: '600' })).data).to.have.length(1);
    await alice.put('mail', 'clear', {}, [trash]);
    expect((await alice.get('mail', 'count', { folder: trash })).data).to.equal(0);
    const { db } = server.sandbox.contexts.open(1);
    expect(db.value('SELECT count(*) FROM message WHERE id NOT IN (SELECT message FROM mail)')).to.equal(0);
    expect(db.value('SELECT count(*) FROM message_source WHERE message NOT IN (SELECT id FROM message)')).to.equal(0);
  });

  it('tells the state of a folder, from 7.x on', async () => {
    const before = (await alice.get<Record<string, unknown>>('mail', 'examine', { folder: archive })).data;
    expect(before).to.include({ total: 0, unread: 0, next: '1' });
    expect(before['validity']).to.match(/^\d+$/);
    await put(simple);
    expect((await alice.get('mail', 'examine', { folder: archive })).data).to.deep.equal({
      ...before,
      total: 1,
      unread: 1,
      next: '2',
    });
    await using old = await TestServer.start({ imitate: '6.x' });
    const client = await OxClient.login(old.url);
    expect(await client.get('mail', 'examine', { folder: inbox })).to.include({ code: 'SVL-0001' });
    expect((await client.get('mail', 'updates', { folder: inbox, columns: '600' })).data).to.deep.equal([]);
  });

  it('orders by time of arrival, and by what is asked for', async () => {
    for (const subject of ['b', 'a', 'C']) {
      server.clock.advance(1000);
      await put(`From: ${subject}@x.example\r\nSubject: ${subject}\r\n\r\nx`);
    }
    const list = async (params: object): Promise<string[]> =>
      (await alice.get<string[][]>('mail', 'all', { folder: archive, columns: '607', ...params })).data.map(
        ([subject]) => subject!,
      );
    expect(await list({})).to.deep.equal(['b', 'a', 'C']);
    expect(await list({ sort: 610, order: 'desc' })).to.deep.equal(['C', 'a', 'b']);
    expect(await list({ sort: 607, order: 'asc' })).to.deep.equal(['a', 'b', 'C']);
    expect(await list({ sort: 603, order: 'desc', left_hand_limit: 0, right_hand_limit: 2 })).to.deep.equal(['C', 'b']);
    await alice.put('mail', 'update', { folder: archive, id: '1' }, { set_flags: 34 });
    expect(await list({ unseen: true })).to.deep.equal(['a', 'C']);
    expect(await list({ deleted: false })).to.deep.equal(['a', 'C']);
  });

  it('searches in the old and the new way', async () => {
    await put(simple);
    await put('Subject: other\r\nFrom: x@y.example\r\n\r\nz');
    const search = async (body: unknown): Promise<unknown[]> =>
      (await alice.put<unknown[][]>('mail', 'search', { folder: archive, columns: '607' }, body)).data.flat();
    expect(await search([{ col: 607, pattern: 'über' }])).to.deep.equal([]);
    expect(await search([{ col: 607, pattern: 'Über*' }])).to.deep.equal(['Über 🎈']);
    expect(await search([{ col: 603, pattern: 'joerg' }])).to.deep.equal(['Über 🎈']);
    expect(
      await search({ filter: ['or', ['=', { field: 'subject' }, 'oth*'], ['=', { field: 'text' }, '*<you>*']] }),
    ).to.have.members(['Über 🎈', 'other']);
    expect(await search({ filter: ['<', { field: 'size' }, '60'] })).to.deep.equal(['other']);
    expect(
      await alice.put(
        'mail',
        'search',
        { folder: archive, columns: '607' },
        { filter: ['=', { field: 'nothing' }, 'x'] },
      ),
    ).to.include({ code: 'SVL-0010' });
  });

  it('gathers conversations', async () => {
    await put('Subject: a\r\nMessage-ID: <a@x>\r\n\r\n1');
    await put('Subject: Re: a\r\nMessage-ID: <b@x>\r\nReferences: <a@x>\r\n\r\n2', archive, { flags: 32 });
    await put('Subject: lone\r\n\r\n3');
    const { data } = await alice.get<{ subject: string; unreadCount: number; thread: { subject: string }[] }[]>(
      'mail',
      'threadedAll',
      { folder: archive, columns: '600,607' },
    );
    expect(data.map(({ unreadCount, thread }) => [unreadCount, thread.map(({ subject }) => subject)])).to.deep.equal([
      [1, ['a', 'Re: a']],
      [1, ['lone']],
    ]);
  });

  it('drafts answers', async () => {
    const id = await demo('Bestätigung');
    const { data } = await alice.get<Record<string, unknown>>('mail', 'reply', { folder: inbox, id });
    expect(data).to.deep.include({
      subject: 'Re: Bestätigung',
      to: [['Bob Sommer', 'bob@example.com']],
      msgref: `${inbox}/${id}`,
    });
  });

  it('stops at the quota', async () => {
    await using small = await TestServer.start({ mailQuota: 20_000 });
    const client = await OxClient.login(small.url);
    expect(await client.put('mail', 'new', { folder: inbox }, `Subject: x\r\n\r\n${'x'.repeat(20_000)}`)).to.include({
      code: 'MSG-0117',
      category: 11,
    });
    expect((await client.get<{ quota: number }>('quota', 'mail')).data.quota).to.equal(20_000);
  });

  it('takes an attachment of many pieces in and gives it out unchanged', async () => {
    const data = Buffer.alloc(3_000_001, 'abcdefghij');
    const base64 = data.toString('base64').replace(/.{76}/g, '$&\r\n');
    const id = await put(
      `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/x-big; name=big\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--b--\r\n`,
    );
    const response = await alice.raw('GET', 'mail', 'attachment', { folder: archive, id, attachment: '2' });
    expect(Buffer.from(await response.arrayBuffer()).equals(data)).to.equal(true);
  });
});
