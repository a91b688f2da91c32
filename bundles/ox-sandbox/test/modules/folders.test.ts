import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const fullRights = 403_710_016;
const always = Number.MAX_SAFE_INTEGER;

describe('folders', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;

  beforeEach(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const make = async (parent: string, folder: object, client = alice): Promise<string> =>
    (await client.put<string>('folders', 'new', { folder_id: parent }, { folder })).data;
  const titles = async (content_type: string, client = alice): Promise<Record<string, string[]>> => {
    const { data } = await client.get<Record<string, string[][]>>('folders', 'allVisible', {
      content_type,
      columns: '300',
      tree: 1,
    });
    return Object.fromEntries(Object.entries(data).map(([group, rows]) => [group, rows.map(([title]) => title!)]));
  };

  it('are told apart by whose they are', async () => {
    expect(await titles('contacts')).to.deep.equal({
      private: ['Contacts', 'Family'],
      public: ['Global address book'],
      shared: ['Suppliers'],
    });
    expect(await titles('calendar', bob)).to.deep.equal({
      private: ['Calendar'],
      public: ['Company holidays'],
      shared: ['Volleyball'],
    });
  });

  it('show type, rights and owner from the viewer’s side', async () => {
    const { data } = await bob.get<Record<string, unknown>>('folders', 'get', { id: 29 });
    expect(data).to.include({
      id: '29',
      type: 3,
      folder_id: 'u:3',
      created_by: 3,
      'com.openexchange.folderstorage.displayName': 'Alice Winter',
    });
    expect(data['own_rights']).to.equal(2 | (2 << 7) | (1 << 14) | (1 << 21));
    expect((await alice.get<Record<string, unknown>>('folders', 'get', { id: 29 })).data).to.include({
      type: 1,
      own_rights: fullRights,
    });
    expect(await bob.get('folders', 'get', { id: 22 })).to.include({ code: 'FLD-0003', category: 3 });
    expect(await bob.get('folders', 'get', { id: 4711 })).to.include({ code: 'FLD-0008' });
  });

  it('are created, renamed, moved and deleted', async () => {
    const id = await make('1', { title: 'Garden', module: 'tasks', subscribed: 1 });
    const { data, timestamp } = await alice.get<Record<string, unknown>>('folders', 'get', { id });
    expect(data).to.include({
      title: 'Garden',
      module: 'tasks',
      type: 1,
      folder_id: '1',
      own_rights: fullRights,
      standard_folder: false,
    });
    expect(await alice.put('folders', 'update', { id, timestamp }, { folder: { title: 'Yard' } })).to.include({
      data: id,
    });
    expect(await alice.put('folders', 'update', { id, timestamp }, { folder: { title: 'Late' } })).to.include({
      code: 'FLD-1022',
      category: 9,
    });
    const parent = await make('1', { title: 'Outside', module: 'tasks' });
    await alice.put('folders', 'update', { id, timestamp: always }, { folder: { folder_id: parent } });
    expect(
      await alice.put('folders', 'update', { id: parent, timestamp: always }, { folder: { folder_id: id } }),
    ).to.include({ code: 'FLD-0045' });
    const path = await alice.get<string[][]>('folders', 'path', { id, columns: '300' });
    expect(path.data).to.deep.equal([['Yard'], ['Outside'], ['Private']]);
    expect((await alice.put('folders', 'delete', { timestamp: always }, [parent])).data).to.deep.equal([]);
    expect(await alice.get('folders', 'get', { id })).to.include({ code: 'FLD-0008' });
  });

  it('refuse names that are taken, standard folders, foreign places and other modules', async () => {
    expect(
      await alice.put('folders', 'new', { folder_id: '1' }, { folder: { title: 'contacts', module: 'contacts' } }),
    ).to.include({ code: 'FLD-0012' });
    expect(
      await alice.put('folders', 'new', { folder_id: '1' }, { folder: { title: '', module: 'contacts' } }),
    ).to.include({ code: 'FLD-0007' });
    expect(await alice.put('folders', 'update', { id: 22, timestamp: always }, { folder: { title: 'x' } })).to.include({
      code: 'FLD-0011',
    });
    expect(await alice.put('folders', 'delete', { timestamp: always }, ['22'])).to.include({ code: 'FLD-0031' });
    expect(
      await bob.put('folders', 'new', { folder_id: '29' }, { folder: { title: 'x', module: 'calendar' } }),
    ).to.include({ code: 'FLD-0006' });
    expect(
      await alice.put('folders', 'new', { folder_id: '22' }, { folder: { title: 'x', module: 'tasks' } }),
    ).to.include({ code: 'FLD-0014' });
    expect(await bob.put('folders', 'update', { id: 29, timestamp: always }, { folder: { title: 'x' } })).to.include({
      code: 'FLD-0010',
    });
    expect(await alice.get('folders', 'list', { parent: 1, columns: '1', tree: 7 })).to.include({ code: 'FLD-1031' });
  });

  it('take the bare object of 6.x', async () => {
    const { data } = await alice.put<string>('folders', 'new', { folder_id: 1 }, { title: 'Bare', module: 'contacts' });
    expect((await alice.get<object>('folders', 'get', { id: data })).data).to.include({ title: 'Bare' });
  });

  it('become visible to others by permissions, for groups too, and vanish again', async () => {
    const permissions = [
      { entity: 3, group: false, bits: fullRights },
      { entity: 3, group: true, bits: 257 },
    ];
    const id = await make('1', { title: 'Team', module: 'contacts', permissions });
    expect(await titles('contacts', bob)).to.deep.equal({
      private: ['Contacts', 'Suppliers'],
      public: ['Global address book'],
      shared: ['Team'],
    });
    await alice.put(
      'folders',
      'update',
      { id, timestamp: always },
      { folder: { permissions: permissions.slice(0, 1) } },
    );
    expect(await titles('contacts', bob)).to.not.have.property('shared');
  });

  it('report what changed and what is gone', async () => {
    const { timestamp } = await alice.get('folders', 'root', { columns: '1' });
    const since = Math.max(timestamp, server.sandbox.contexts.open(1).db.stamp());
    const kept = await make('1', { title: 'Kept', module: 'tasks' });
    const gone = await make('1', { title: 'Gone', module: 'tasks' });
    await alice.put('folders', 'delete', { timestamp: always }, [gone]);
    const { data } = await alice.get<unknown[]>('folders', 'updates', {
      parent: 1,
      timestamp: since,
      columns: '1,300',
      ignore: 'false',
    });
    expect(data).to.deep.equal([[kept, 'Kept'], gone]);
  });

  it('list the tree as Outlook sees it, and as it is stored', async () => {
    const ids = async (parent: string, tree: number): Promise<string[]> =>
      (await alice.get<string[][]>('folders', 'list', { parent, columns: '1', tree })).data.map(([id]) => id!);
    expect(await ids('1', 1)).to.deep.equal([
      'default0/INBOX',
      'default0/Drafts',
      'default0/Sent',
      'default0/Spam',
      'default0/Trash',
      'default0/Archive',
      '20',
      '21',
      '22',
      '28',
      '29',
    ]);
    expect(await ids('1', 0)).to.deep.equal(['default0', '20', '21', '22', '28', '29']);
    expect(await ids('default0/INBOX', 1)).to.deep.equal(['default0/INBOX/Projects']);
    expect(await ids('3', 1)).to.deep.equal(['u:4']);
    expect(await ids('u:4', 1)).to.deep.equal(['30']);
    expect((await alice.get<string[][]>('folders', 'root', { columns: '300' })).data.flat()).to.include.members([
      'Private',
      'Public',
      'Shared',
    ]);
  });

  it('have the selection of ActiveSync as tree 20 where it is switched on', async () => {
    await using selective = await TestServer.start({ allowFolderSelection: true });
    const client = await OxClient.login(selective.url);
    const visible = async (): Promise<string[]> =>
      (
        await client.get<{ private: string[][] }>('folders', 'allVisible', {
          content_type: 'contacts',
          columns: '300',
          tree: 20,
        })
      ).data.private.map(([title]) => title!);
    expect(await visible()).to.deep.equal(['Contacts', 'Family']);
    await client.put(
      'folders',
      'update',
      { id: 28, timestamp: always },
      { folder: { used_for_sync: { value: 'false' } } },
    );
    expect(await visible()).to.deep.equal(['Contacts']);
  });

  describe('of mail', () => {
    it('have their path as id, which follows name and place, for all that lies below too', async () => {
      expect(await make('default0/INBOX', { title: 'A', module: 'mail' })).to.equal('default0/INBOX/A');
      expect(await make('default0/INBOX/A', { title: 'B', module: 'mail' })).to.equal('default0/INBOX/A/B');
      await alice.put('mail', 'new', { folder: 'default0/INBOX/A/B' }, 'Subject: x\r\n\r\ny');
      const renamed = await alice.put(
        'folders',
        'update',
        { id: 'default0/INBOX/A', timestamp: always },
        { folder: { title: 'Ä' } },
      );
      expect(renamed).to.include({ data: 'default0/INBOX/Ä' });
      expect(
        (await alice.get<unknown[]>('mail', 'all', { folder: 'default0/INBOX/Ä/B', columns: '601' })).data,
      ).to.deep.equal([['default0/INBOX/Ä/B']]);
      const moved = await alice.put(
        'folders',
        'update',
        { id: 'default0/INBOX/Ä', timestamp: always },
        { folder: { folder_id: 'default0/Archive' } },
      );
      expect(moved).to.include({ data: 'default0/Archive/Ä' });
      expect(await alice.get('mail', 'all', { folder: 'default0/INBOX/A/B', columns: '601' })).to.include({
        code: 'MSG-0066',
      });
    });

    it('go to the trash, and from there for good', async () => {
      await make('default0', { title: 'Doomed', module: 'mail' });
      await alice.put('folders', 'delete', { timestamp: always }, ['default0/Doomed']);
      expect((await alice.get<object>('folders', 'get', { id: 'default0/Trash/Doomed' })).data).to.include({
        folder_id: 'default0/Trash',
      });
      await alice.put('folders', 'delete', { timestamp: always }, ['default0/Trash/Doomed']);
      expect(await alice.get('folders', 'get', { id: 'default0/Trash/Doomed' })).to.include({ code: 'MSG-0066' });
      await make('default0', { title: 'Doomed', module: 'mail' });
      await alice.put('folders', 'delete', { timestamp: always, hardDelete: true }, ['default0/Doomed']);
      expect(await alice.get('folders', 'get', { id: 'default0/Trash/Doomed' })).to.include({ code: 'MSG-0066' });
    });

    it('refuse bad and taken names and the standard folders', async () => {
      const refuse = async (title: string): Promise<unknown> =>
        alice.put('folders', 'new', { folder_id: 'default0' }, { folder: { title, module: 'mail' } });
      expect(await refuse('a/b')).to.include({ code: 'MSG-0061' });
      expect(await refuse('Archive')).to.include({ code: 'MSG-0063' });
      expect(
        await alice.put('folders', 'update', { id: 'default0/Sent', timestamp: always }, { folder: { title: 'x' } }),
      ).to.include({ code: 'MSG-0098' });
      expect(await alice.put('folders', 'delete', { timestamp: always }, ['default0/INBOX'])).to.include({
        code: 'MSG-0099',
      });
    });

    it('count their mails, the unread ones too', async () => {
      const counts = async (): Promise<unknown> => {
        const { data } = await alice.get<Record<string, unknown>>('folders', 'get', { id: 'default0/Archive' });
        return [data['total'], data['unread']];
      };
      const { data } = await alice.put<{ id: string }>(
        'mail',
        'new',
        { folder: 'default0/Archive' },
        'Subject: x\r\n\r\ny',
      );
      expect(await counts()).to.deep.equal([1, 1]);
      await alice.get('mail', 'get', { folder: 'default0/Archive', id: data.id });
      expect(await counts()).to.deep.equal([1, 0]);
      await alice.put('folders', 'clear', {}, ['default0/Archive']);
      expect(await counts()).to.deep.equal([0, 0]);
    });
  });
});
