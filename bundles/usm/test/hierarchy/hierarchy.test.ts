import { DisposableStore, type SyncFolder } from '@oxtender/bundle-api';
import { MemoryGroupware } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus } from '@oxtender/storage';
import { expect } from 'chai';
import { systemClock, TestDatabase } from '../support/databases';
import { silentLogger } from '../support/silent-logger';
import { login, never, World } from '../support/world';

const names = (folders: readonly SyncFolder[]): string[] => folders.map(({ name }) => name).sort();

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
}

describe('the folder hierarchy', () => {
  it('tells all folders with the initial key, parents before children, and only changes later', async () => {
    await using world = await World.create();
    const { anna } = world;
    const inbox = anna.folder('inbox').id;
    anna.addFolder({ name: 'Below', itemClass: 'Email', parentId: inbox });
    const { session } = await world.device();
    const first = await session.syncHierarchy({ syncKey: '0', signal: never });
    expect(names(first.added)).to.include.members(['Inbox', 'Below', 'Calendar', 'Contacts', 'Tasks', 'Notes']);
    const below = first.added.find(({ name }) => name === 'Below');
    const parent = first.added.find(({ role }) => role === 'inbox');
    expect(below?.parentCollectionId).to.equal(parent?.collectionId);
    expect(first.added.indexOf(below!)).to.be.above(first.added.indexOf(parent!));
    for (const { collectionId } of first.added) expect(collectionId).to.match(/^[A-Za-z]/);

    const quiet = await session.syncHierarchy({ syncKey: first.syncKey, signal: never });
    expect(quiet).to.deep.equal({ syncKey: first.syncKey, added: [], updated: [], deleted: [] });

    const team = anna.addFolder({ name: 'Team', itemClass: 'Contacts' });
    anna.changeFolder(team.id, { name: 'The team' });
    anna.removeFolder(below!.id);
    const second = await session.syncHierarchy({ syncKey: first.syncKey, signal: never });
    expect(names(second.added)).to.deep.equal(['The team']);
    expect(second.deleted).to.deep.equal([below?.collectionId]);
    anna.changeFolder(team.id, { name: 'Team' });
    const third = await session.syncHierarchy({ syncKey: second.syncKey, signal: never });
    expect(third.updated.map(({ name, collectionId }) => [name, collectionId])).to.deep.equal([
      ['Team', second.added[0]?.collectionId],
    ]);
  });

  it('gives the same ids and the same answer again when an answer was lost', async () => {
    await using world = await World.create();
    const { session } = await world.device();
    const first = await session.syncHierarchy({ syncKey: '0', signal: never });
    expect(await session.syncHierarchy({ syncKey: '0', signal: never })).to.deep.equal(first);
    world.anna.addFolder({ name: 'Team', itemClass: 'Contacts' });
    const second = await session.syncHierarchy({ syncKey: first.syncKey, signal: never });
    await world.restart();
    const again = await world.open();
    expect(await again.syncHierarchy({ syncKey: first.syncKey, signal: never })).to.deep.equal(second);
    const fresh = await again.syncHierarchy({ syncKey: '0', signal: never });
    const idOf = (folders: readonly SyncFolder[], name: string): unknown =>
      folders.find((folder) => folder.name === name)?.collectionId;
    for (const { name } of first.added) expect(idOf(fresh.added, name)).to.equal(idOf(first.added, name));
    again[Symbol.dispose]();
  });

  it('knows the folders that the device was told last, whichever host told it', async () => {
    await using held = new DisposableStore();
    const store = held.add(TestDatabase.sqlite());
    const groupware = new MemoryGroupware();
    groupware.addUser({ login });
    const bus = new InProcessClusterBus({ clock: systemClock, logger: silentLogger });
    const world = async (): Promise<World> =>
      held.add(await World.create({ database: await store.open(), groupware, bus }));
    const [here, there] = [await world(), await world()];
    const device = await here.device();
    await device.syncFolders();
    const told = async (host: World): Promise<string[]> => {
      using session = await host.open();
      return names(await session.folders({ signal: never }));
    };
    expect(await told(there)).to.deep.equal(await told(here));
    groupware.account(login).addFolder({ name: 'Team', itemClass: 'Contacts' });
    expect(await told(there), 'not told yet').to.not.include('Team');
    await device.syncFolders();
    expect(await told(here)).to.include('Team');
    expect(await told(there)).to.include('Team');
  });

  it('refuses a key that is older than the one before', async () => {
    await using world = await World.create();
    const { session } = await world.device();
    const { syncKey: first } = await session.syncHierarchy({ syncKey: '0', signal: never });
    let syncKey = first;
    for (const name of ['a', 'b']) {
      world.anna.addFolder({ name, itemClass: 'Contacts' });
      ({ syncKey } = await session.syncHierarchy({ syncKey, signal: never }));
    }
    const refused = await refusal(session.syncHierarchy({ syncKey: first, signal: never }));
    expect(refused).to.include({ code: 'INVALID_SYNC_KEY' });
  });

  it('creates, renames and deletes folders of the device, which do not come back as changes', async () => {
    await using world = await World.create();
    const { session } = await world.device();
    const { syncKey, added } = await session.syncHierarchy({ syncKey: '0', signal: never });
    const inbox = added.find(({ role }) => role === 'inbox')!.collectionId;
    const wanted = { name: 'Projects', itemClass: 'Email', parent: inbox, signal: never } as const;
    const created = await session.createFolder({ syncKey, ...wanted });
    expect(await session.createFolder({ syncKey, ...wanted })).to.deep.equal(created);
    const { collectionId } = created;
    expect((await session.syncHierarchy({ syncKey: created.syncKey, signal: never })).added).to.deep.equal([]);

    await world.anna.deliver({ subject: 'one' }, `${world.anna.folder('inbox').id}/Projects`);
    let key = (await session.sync({ collectionId, syncKey: '0', windowSize: 9, signal: never })).syncKey;
    key = (await session.sync({ collectionId, syncKey: key, windowSize: 9, signal: never })).syncKey;
    const change = { collectionId, name: 'Plans', parent: inbox, signal: never };
    const renamed = await session.updateFolder({ syncKey: created.syncKey, ...change });
    expect(await session.updateFolder({ syncKey: created.syncKey, ...change })).to.deep.equal(renamed);
    const afterRename = await session.syncHierarchy({ syncKey: renamed.syncKey, signal: never });
    expect(afterRename).to.deep.equal({ syncKey: renamed.syncKey, added: [], updated: [], deleted: [] });
    // The id of a mail folder is its path. The device goes on with the collection that it knows.
    const still = await session.sync({ collectionId, syncKey: key, windowSize: 9, signal: never });
    expect(still.changes).to.deep.equal([]);

    const deleted = await session.deleteFolder({ syncKey: renamed.syncKey, collectionId, signal: never });
    const afterDelete = await session.syncHierarchy({ syncKey: deleted.syncKey, signal: never });
    expect(afterDelete).to.deep.equal({ syncKey: deleted.syncKey, added: [], updated: [], deleted: [] });
    const gone = await refusal(
      session
        .sync({ collectionId, syncKey: '0', windowSize: 9, signal: never })
        .then(({ syncKey: k }) => session.sync({ collectionId, syncKey: k, windowSize: 9, signal: never })),
    );
    expect(gone).to.include({ code: 'UNKNOWN_COLLECTION' });
  });

  it('keeps default folders, and knows parents', async () => {
    await using world = await World.create();
    const { session } = await world.device();
    const { syncKey, added } = await session.syncHierarchy({ syncKey: '0', signal: never });
    const { collectionId } = added.find(({ role }) => role === 'contacts')!;
    const common = { syncKey, signal: never };
    expect(await refusal(session.deleteFolder({ ...common, collectionId }))).to.include({ code: 'DEFAULT_FOLDER' });
    expect(await refusal(session.updateFolder({ ...common, collectionId, name: 'x' }))).to.include({
      code: 'DEFAULT_FOLDER',
    });
    const orphan = session.createFolder({ ...common, name: 'x', itemClass: 'Contacts', parent: 'F999' });
    expect(await refusal(orphan)).to.include({ code: 'PARENT_NOT_FOUND' });
    const unknown = session.updateFolder({ ...common, collectionId: 'F999', name: 'x' });
    expect(await refusal(unknown)).to.include({ code: 'UNKNOWN_COLLECTION' });
    const twin = session.createFolder({ ...common, name: 'Contacts', itemClass: 'Contacts' });
    expect(await refusal(twin)).to.include({ code: 'EXISTS' });
  });

  it('finds the folder again whose creation was done but not recorded', async () => {
    await using world = await World.create();
    const { session } = await world.device();
    const { syncKey } = await session.syncHierarchy({ syncKey: '0', signal: never });
    const request = { syncKey, name: 'Team', itemClass: 'Contacts', signal: never } as const;
    world.groupware.faults.fail('createFolder', new Error('the process dies'), { moment: 'after' });
    await refusal(session.createFolder(request));
    await world.restart();
    const again = await world.open();
    const { collectionId } = await again.createFolder(request);
    const folders = await again.folders({ signal: never });
    expect(folders.filter(({ name }) => name === 'Team').map((folder) => folder.collectionId)).to.deep.equal([
      collectionId,
    ]);
    again[Symbol.dispose]();
  });

  it('has the folders that the user chose for the device, and always the default ones', async () => {
    await using world = await World.create();
    const { anna, registry } = world;
    const team = anna.addFolder({ name: 'Team', itemClass: 'Contacts' });
    const other = anna.addFolder({ name: 'Other', itemClass: 'Contacts', subscribed: false });
    const { session } = await world.device();
    const key = session.device;
    const first = await session.syncHierarchy({ syncKey: '0', signal: never });
    expect(names(first.added)).to.include('Team').and.not.include('Other');

    const exclude = [team.id, anna.folder('contacts').id];
    await registry.chooseFolders(key, { include: [other.id], exclude });
    expect(await registry.folderChoice(key)).to.deep.equal({ include: [other.id], exclude });
    const again = await world.open();
    const second = await again.syncHierarchy({ syncKey: first.syncKey, signal: never });
    expect(second.deleted).to.deep.equal([first.added.find(({ name }) => name === 'Team')?.collectionId]);
    expect(names(second.added)).to.deep.equal(['Other']);

    await registry.chooseFolders(key, { include: [], exclude: [] });
    expect(await registry.folderChoice(key)).to.deep.equal({ include: [], exclude: [] });
    const third = await (await world.open()).syncHierarchy({ syncKey: second.syncKey, signal: never });
    expect(names(third.added)).to.deep.equal(['Team']);
  });

  it('wakes a waiting device when the user chose other folders for it', async () => {
    await using world = await World.create();
    const team = world.anna.addFolder({ name: 'Team', itemClass: 'Contacts' });
    const { session } = await world.device();
    await session.syncHierarchy({ syncKey: '0', signal: never });
    const waiting = session.wait({ collections: [], hierarchy: true, timeout: 600_000, signal: never });
    await new Promise(setImmediate);
    await world.registry.chooseFolders(session.device, { include: [], exclude: [team.id] });
    expect(await waiting).to.deep.equal({ reason: 'changes', collections: [], hierarchy: true });
  });
});
