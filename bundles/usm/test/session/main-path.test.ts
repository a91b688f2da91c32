import type { Contact } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { never, World } from '../support/world';

describe('the main path', () => {
  it('opens a session, lists the folders and syncs contacts in both directions', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('contacts').id;
    const bob = anna.put(folder, { firstName: 'Bob', lastName: 'Miller', email1: 'bob@example.org' });
    const device = await world.device();
    const contacts = await device.collection('contacts');

    const first = await device.sync(contacts);
    expect(first.changes).to.deep.equal([
      {
        kind: 'add',
        serverId: `${contacts}:${bob}`,
        item: { firstName: 'Bob', lastName: 'Miller', email1: 'bob@example.org' },
      },
    ]);
    expect(first.moreAvailable).to.equal(false);
    expect((await device.sync(contacts)).syncKey).to.equal(first.syncKey);

    const second = await device.sync(contacts, {
      changes: [
        { kind: 'add', clientId: '1', item: { firstName: 'Eve' } },
        { kind: 'change', serverId: `${contacts}:${bob}`, patch: { lastName: 'Smith', email1: null } },
      ],
    });
    expect(second.results.map(({ status }) => status)).to.deep.equal(['done', 'done']);
    expect(second.changes).to.deep.equal([]);
    expect(second.syncKey).not.to.equal(first.syncKey);
    expect(anna.items<Contact>(folder).map(({ item }) => [item.firstName, item.lastName, item.email1])).to.deep.equal([
      ['Bob', 'Smith', undefined],
      ['Eve', undefined, undefined],
    ]);

    anna.change(folder, bob, { company: 'Example' });
    const third = await device.sync(contacts);
    expect(third.changes.map((change) => [change.kind, change.serverId])).to.deep.equal([
      ['change', `${contacts}:${bob}`],
    ]);

    anna.remove(folder, bob);
    const fourth = await device.sync(contacts, {
      changes: [{ kind: 'delete', serverId: second.results[0]!.serverId!, mode: 'permanent' }],
    });
    expect(fourth.changes).to.deep.equal([{ kind: 'delete', serverId: `${contacts}:${bob}` }]);
    expect(anna.items(folder)).to.deep.equal([]);
    expect((await device.sync(contacts)).changes).to.deep.equal([]);
  });

  it('goes on after a restart with the key that the device had', async () => {
    await using world = await World.create();
    const { anna } = world;
    const inbox = anna.folder('inbox').id;
    for (let n = 1; n <= 7; n++) await anna.deliver({ subject: `mail ${n}` });
    const device = await world.device();
    const collection = await device.collection('inbox');
    const first = await device.sync(collection, { windowSize: 3 });
    expect(first.changes).to.have.length(3);
    expect(first.moreAvailable).to.equal(true);

    await world.restart();
    const again = await world.device();
    again.keys.set(collection, first.syncKey);
    const seen = first.changes.map(({ serverId }) => serverId);
    for (let more = true; more;) {
      const next = await again.sync(collection, { windowSize: 3 });
      seen.push(...next.changes.map(({ serverId }) => serverId));
      more = next.moreAvailable;
    }
    expect(new Set(seen).size).to.equal(7);
    expect(seen).to.have.length(7);
    const mail = anna.items(inbox)[0]!.id;
    anna.change(inbox, mail, { read: true });
    expect((await again.sync(collection)).changes).to.deep.equal([
      { kind: 'flags', serverId: `${collection}:${mail}`, flags: { read: true } },
    ]);
  });

  it('answers a repeated request as the first time, and creates nothing twice', async () => {
    await using world = await World.create();
    const { anna } = world;
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    anna.put(anna.folder('contacts').id, { firstName: 'Bob' });
    const changes = [{ kind: 'add', clientId: '1', item: { firstName: 'Eve' } }] as const;
    const first = await device.ask(contacts, { changes });
    expect(first.changes).to.have.length(1);
    expect(await device.ask(contacts, { changes })).to.deep.equal(first);
    await world.restart();
    const again = await world.device();
    again.keys.set(contacts, device.keys.get(contacts)!);
    expect(await again.ask(contacts, { changes })).to.deep.equal(first);
    expect(anna.items(anna.folder('contacts').id)).to.have.length(2);
  });

  it('refuses a key that is older than the one before', async () => {
    await using world = await World.create();
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    const old = device.keys.get(contacts)!;
    for (const clientId of ['1', '2']) {
      await device.sync(contacts, { changes: [{ kind: 'add', clientId, item: { firstName: clientId } }] });
    }
    const refused = await device.ask(contacts, { syncKey: old }).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'INVALID_SYNC_KEY' });
  });

  it('wakes a waiting device when a mail arrives', async () => {
    await using world = await World.create();
    const device = await world.device();
    const inbox = await device.collection('inbox');
    await device.sync(inbox);
    const waiting = device.session.wait({
      collections: [{ collectionId: inbox }],
      hierarchy: true,
      timeout: 60_000,
      signal: never,
    });
    await world.anna.deliver({ subject: 'news' });
    expect(await waiting).to.deep.equal({ reason: 'changes', collections: [inbox], hierarchy: false });
    expect(
      await device.session.estimate({ collectionId: inbox, syncKey: device.keys.get(inbox)!, signal: never }),
    ).to.equal(1);
  });
});
