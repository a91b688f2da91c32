import type { CommandCall } from '@oxtender/bundle-api';
import { GroupwareError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { cleanUp } from '../../src/devices/clean-up';
import { deviceCommands } from '../../src/devices/device-commands';
import { silentLogger } from '../support/silent-logger';
import { login, never, World } from '../support/world';

const key = { contextId: 1, userId: 1, protocol: 'eas', deviceId: 'phone' };

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
}

describe('DeviceRegistry', () => {
  it('knows a device from its first request', async () => {
    await using world = await World.create();
    const { registry, clock } = world;
    expect(await registry.get(key)).to.equal(undefined);
    const begin = clock.now();
    (await world.open())[Symbol.dispose]();
    expect(await registry.get(key)).to.deep.equal({
      ...key,
      login,
      type: 'iPhone',
      firstSeen: begin,
      lastSeen: begin,
      access: 'allowed',
      information: {},
    });
    await clock.tick(600_000);
    (await world.open())[Symbol.dispose]();
    expect(await registry.get(key)).to.include({ firstSeen: begin, lastSeen: clock.now() });
    expect(await registry.list({ login })).to.have.length(1);
    expect(await registry.list({ login: 'nobody' })).to.have.length(0);
  });

  it('tells the next request of what an operator did', async () => {
    await using world = await World.create();
    const { registry } = world;
    (await world.open())[Symbol.dispose]();
    await registry.setAccess(key, 'blocked', 'lost');
    await registry.requestWipe(key, 'full');
    await registry.setInformation(key, { model: 'iPhone 18' });
    const { device } = await world.open();
    expect(device).to.deep.include({ access: 'blocked', accessReason: 'lost', information: { model: 'iPhone 18' } });
    expect(device.wipe).to.include({ kind: 'full', state: 'requested' });
    await registry.recordWipe(key, 'confirmed');
    expect((await registry.get(key))?.wipe?.state).to.equal('confirmed');
    await registry.requestWipe(key, undefined);
    expect((await registry.get(key))?.wipe).to.equal(undefined);
  });

  it('keeps a device out that wiped itself until it is allowed again, and has it begin anew', async () => {
    await using world = await World.create();
    const { registry } = world;
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    await registry.requestWipe(key, 'full');
    await registry.recordWipe(key, 'sent');
    expect((await registry.get(key))?.access).to.equal('allowed');
    await registry.recordWipe(key, 'confirmed');
    const wiped = await registry.get(key);
    expect(wiped).to.include({ access: 'blocked', accessReason: 'wiped' });
    expect(wiped?.wipe?.state).to.equal('confirmed');
    await registry.setAccess(key, 'allowed');
    const back = await registry.get(key);
    expect({ access: back?.access, wipe: back?.wipe }).to.deep.equal({ access: 'allowed', wipe: undefined });
    expect(await refusal(device.sync(contacts))).to.include({ code: 'INVALID_SYNC_KEY' });
    await registry.requestWipe(key, 'account');
    await registry.setAccess(key, 'allowed');
    expect((await registry.get(key))?.wipe?.state).to.equal('requested');
  });

  it('quarantines new devices, and refuses more than a user may have', async () => {
    await using world = await World.create({ options: { newDevices: 'quarantined', maxDevicesPerUser: 2 } });
    const { device } = await world.open('one');
    expect(device.access).to.equal('quarantined');
    await world.open('two');
    expect(await refusal(world.open('three'))).to.include({ code: 'TOO_MANY_DEVICES' });
    await world.registry.delete({ ...key, deviceId: 'one' });
    expect((await world.open('three')).device.deviceId).to.equal('three');
  });

  it('has a device begin anew, in one folder or in all', async () => {
    await using world = await World.create();
    const device = await world.device();
    const contacts = await device.collection('contacts');
    const tasks = await device.collection('tasks');
    await device.sync(contacts);
    await device.sync(tasks);
    await world.registry.resync(key, contacts);
    expect(await refusal(device.sync(contacts))).to.include({ code: 'INVALID_SYNC_KEY' });
    await device.sync(tasks);
    await world.registry.resync(key);
    expect(await refusal(device.sync(tasks))).to.include({ code: 'INVALID_SYNC_KEY' });
    expect(await refusal(device.syncFolders())).to.include({ code: 'INVALID_SYNC_KEY' });
    device.hierarchyKey = '0';
    device.keys.clear();
    await device.syncFolders();
    expect(await device.collection('contacts')).to.equal(contacts);
    await device.sync(contacts);
  });

  it('lists what a device does not get, and sends an item again', async () => {
    await using world = await World.create();
    const { anna, groupware, registry } = world;
    const folder = anna.folder('contacts').id;
    const good = anna.put(folder, { firstName: 'Good' });
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    const bad = anna.put(folder, { firstName: 'Bad' });
    groupware.behaviour.recordsIn = 'nothing';
    groupware.faults.fail('read', new GroupwareError('BROKEN_ANSWER', 'not even XML'));
    expect((await device.sync(contacts)).changes).to.deep.equal([]);
    const [skipped] = await registry.skippedItems(key);
    expect(skipped).to.deep.include({ collectionId: contacts, folderName: 'Contacts', itemId: bad });
    expect(skipped?.reason).to.contain('not even XML');
    expect((await device.sync(contacts)).changes).to.deep.equal([]);

    await registry.resend(key, contacts, bad);
    const sent = await device.sync(contacts);
    expect(sent.changes.map(({ kind, serverId }) => [kind, serverId])).to.deep.equal([['add', `${contacts}:${bad}`]]);
    expect(await registry.skippedItems(key)).to.deep.equal([]);

    await registry.resend(key, contacts, good);
    const again = await device.sync(contacts);
    expect(again.changes.map(({ kind, serverId }) => [kind, serverId])).to.deep.equal([
      ['change', `${contacts}:${good}`],
    ]);
    expect((await device.sync(contacts)).changes).to.deep.equal([]);
  });

  it('tells which folders a device has, and when it was last told of a change in each', async () => {
    await using world = await World.create();
    const { anna, clock, registry } = world;
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    await clock.tick(5000);
    anna.put(anna.folder('contacts').id, { firstName: 'Eve' });
    await device.sync(contacts);
    const told = clock.now();
    await clock.tick(5000);
    await device.sync(contacts);
    const folders = await registry.folders(key);
    expect(folders).to.have.length(device.folders.length);
    expect(folders.find(({ collectionId }) => collectionId === contacts)).to.deep.equal({
      ...{ collectionId: contacts, folderId: anna.folder('contacts').id, itemClass: 'Contacts', name: 'Contacts' },
      changedAt: told,
    });
    expect(folders.filter(({ changedAt }) => changedAt !== undefined)).to.have.length(1);
  });

  for (const [what, act] of [
    ['blocked', (world: World) => world.registry.setAccess(key, 'blocked')],
    ['to be wiped', (world: World) => world.registry.requestWipe(key, 'full')],
    ['forgotten', (world: World) => world.registry.delete(key)],
  ] as const) {
    it(`wakes a waiting device that is ${what}, and no other of the user`, async () => {
      await using world = await World.create();
      const { session } = await world.device();
      const tablet = await world.device('tablet');
      await session.syncHierarchy({ syncKey: '0', signal: never });
      await tablet.syncFolders();
      const gone = new AbortController();
      const request = { collections: [], hierarchy: true, timeout: 600_000 };
      const waiting = session.wait({ ...request, signal: never });
      const others = refusal(tablet.session.wait({ ...request, signal: gone.signal }));
      await new Promise(setImmediate);
      await act(world);
      expect(await waiting).to.deep.equal({ reason: 'changes', collections: [], hierarchy: true });
      gone.abort(new Error('still waiting'));
      expect(await others).to.have.property('message', 'still waiting');
    });
  }

  it('forgets devices that nobody used for long, with all that belongs to them', async () => {
    await using world = await World.create();
    const device = await world.device('old');
    await device.sync(await device.collection('contacts'), {
      changes: [{ kind: 'add', clientId: '1', item: { firstName: 'Eve' } }],
    });
    await device.session.fields.set({ setting: 'x' });
    await world.clock.tick(80 * 86_400_000);
    (await world.open('new'))[Symbol.dispose]();
    await world.clock.tick(20 * 86_400_000);
    const job = cleanUp(world.engine.services, {
      clock: world.clock,
      log: silentLogger,
      unusedDevices: 90 * 86_400_000,
    });
    await job.run({ signal: never });
    expect((await world.registry.list()).map(({ deviceId }) => deviceId)).to.deep.equal(['new']);
    for (const table of ['USMSessionFields', 'USMDataStorage', 'usmIdMapping', 'usmClientChange']) {
      const rows = await world.connection.dataSource.query<{ found: number }[]>(
        `SELECT COUNT(*) AS found FROM ${table} WHERE usmSessionId = 1`,
      );
      expect(rows[0]?.found, table).to.equal(0);
    }
  });
});

describe('the devices commands', () => {
  it('find a device by its id, and ask which when there are several', async () => {
    await using world = await World.create();
    world.groupware.addUser({ login: 'bob@example.org' });
    (await world.open('phone'))[Symbol.dispose]();
    (await world.open('phone', 'bob@example.org'))[Symbol.dispose]();
    (await world.open('tablet'))[Symbol.dispose]();
    const commands = new Map(deviceCommands(world.registry).map((command) => [command.name, command]));
    const run = (name: string, args: string[] = [], options: CommandCall['options'] = {}): Promise<unknown> =>
      commands
        .get(`devices ${name}`)!
        .run({ args, options, user: 'test', signal: never, progress: () => undefined, emit: () => undefined });

    expect(await run('list')).to.have.length(3);
    expect(await run('list', [], { user: login })).to.have.length(2);
    expect(await run('show', ['tablet'])).to.deep.include({ deviceId: 'tablet', access: 'allowed' });
    expect(await refusal(run('show', ['phone']))).to.include({ code: 'UNKNOWN_DEVICE' });
    expect(await refusal(run('show', ['nothing']))).to.include({ code: 'UNKNOWN_DEVICE' });
    await run('block', ['phone'], { user: login, reason: 'lost' });
    expect(await run('show', ['phone'], { user: login })).to.deep.include({ access: 'blocked', accessReason: 'lost' });
    await run('allow', ['phone'], { user: login });
    await run('wipe', ['tablet'], { account: true });
    expect(await run('show', ['tablet'])).to.deep.include({ wipe: 'account', wipeState: 'requested' });
    await run('wipe', ['tablet'], { cancel: true });
    expect(await run('delete', ['tablet'])).to.contain('forgotten');
    expect(await run('list')).to.have.length(2);
    for (const { name, ...command } of commands.values())
      expect('preview' in command, name).to.equal(!/list|show|folders|skipped/.test(name));
  });
});
