import { type Appointment, type ConflictPolicy, type Contact, GroupwareError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { World } from '../support/world';

/** Both sides change a contact that the device knows; then the device syncs. */
async function collide(
  policy: ConflictPolicy,
  sides: { device: Contact | 'deletes'; server: Contact | 'deletes' },
): Promise<{ status: string | undefined; told: string[]; stored: Contact[] }> {
  await using world = await World.create();
  const { anna } = world;
  const folder = anna.folder('contacts').id;
  const id = anna.put(folder, { firstName: 'Bob', company: 'Old', nickname: 'never told' });
  const device = await world.device();
  const contacts = await device.collection('contacts');
  await device.sync(contacts);
  if (sides.server === 'deletes') anna.remove(folder, id);
  else anna.change(folder, id, sides.server);
  const serverId = `${contacts}:${id}`;
  const { results, changes } = await device.sync(contacts, {
    conflict: policy,
    changes: [
      sides.device === 'deletes'
        ? { kind: 'delete', serverId, mode: 'permanent' }
        : { kind: 'change', serverId, patch: sides.device },
    ],
  });
  expect((await device.sync(contacts)).changes).to.deep.equal([]);
  return {
    status: results[0]?.status,
    told: changes.map(({ kind }) => kind),
    stored: anna
      .items<Contact>(folder)
      .map(({ item: { firstName, company } }) => ({ firstName: firstName!, company: company! })),
  };
}

describe('a conflict', () => {
  const device = { firstName: 'of device' };
  const server = { firstName: 'of server' };

  it('of different fields is none: both changes stay', async () => {
    for (const policy of ['server-wins', 'client-wins', 'keep-both'] as const) {
      expect(await collide(policy, { device, server: { company: 'New' } })).to.deep.equal({
        status: 'done',
        told: ['change'],
        stored: [{ firstName: 'of device', company: 'New' }],
      });
    }
  });

  it('ends with the version of the server', async () => {
    const both = { server: { ...server, company: 'New' }, device };
    expect(await collide('server-wins', both)).to.deep.equal({
      status: 'conflict',
      told: ['change'],
      stored: [{ firstName: 'of server', company: 'New' }],
    });
  });

  it('ends with the version of the device, where only the same field is taken from the server', async () => {
    expect(await collide('client-wins', { device, server: { ...server, company: 'New' } })).to.deep.equal({
      status: 'done',
      told: ['change'],
      stored: [{ firstName: 'of device', company: 'New' }],
    });
  });

  it('ends with both versions', async () => {
    expect(await collide('keep-both', { device, server })).to.deep.equal({
      status: 'conflict',
      told: ['change', 'add'],
      stored: [
        { firstName: 'of server', company: 'Old' },
        { firstName: 'of device', company: 'Old' },
      ],
    });
  });

  it('is none when both sides write the same', async () => {
    expect(await collide('server-wins', { device, server: device })).to.deep.equal({
      status: 'done',
      told: [],
      stored: [{ firstName: 'of device', company: 'Old' }],
    });
  });

  it('of a deletion with a change: only where the client wins the item goes', async () => {
    const kept = { status: 'conflict', told: ['add'], stored: [{ firstName: 'of server', company: 'Old' }] };
    expect(await collide('server-wins', { device: 'deletes', server })).to.deep.equal(kept);
    expect(await collide('keep-both', { device: 'deletes', server })).to.deep.equal(kept);
    const gone = { status: 'done', told: [], stored: [] };
    expect(await collide('client-wins', { device: 'deletes', server })).to.deep.equal(gone);
  });

  it('of a change with a deletion: what is deleted stays so, since a change is no whole item', async () => {
    for (const policy of ['server-wins', 'client-wins', 'keep-both'] as const) {
      const gone = { status: 'not-found', told: ['delete'], stored: [] };
      expect(await collide(policy, { device, server: 'deletes' })).to.deep.equal(gone);
    }
    const both = { device: 'deletes', server: 'deletes' } as const;
    expect(await collide('server-wins', both)).to.deep.equal({ status: 'done', told: [], stored: [] });
  });
});

describe('a change that does not fit the item', () => {
  it('ends as invalid, and the others of its request go on', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('contacts').id;
    const [first, second] = [anna.put(folder, { firstName: 'Bob' }), anna.put(folder, { firstName: 'Eve' })];
    const device = await world.device();
    const contacts = await device.collection('contacts');
    await device.sync(contacts);
    const misfit = (): Contact => {
      throw new GroupwareError('INVALID', 'the end is before the start');
    };
    const { results } = await device.sync(contacts, {
      changes: [
        { kind: 'change', serverId: `${contacts}:${first}`, patch: misfit },
        { kind: 'change', serverId: `${contacts}:${second}`, patch: () => ({ firstName: 'Eva' }) },
      ],
    });
    expect(results.map(({ status }) => status)).to.deep.equal(['invalid', 'done']);
    expect(anna.items<Contact>(folder).map(({ item }) => item.firstName)).to.have.members(['Bob', 'Eva']);
  });

  it('and is about an occurrence of what is no series leaves it alone', async () => {
    await using world = await World.create();
    const { anna } = world;
    const folder = anna.folder('calendar').id;
    const meeting: Appointment = { title: 'Once', start: 0, end: 3_600_000, allDay: false };
    const id = anna.put(folder, meeting);
    const device = await world.device();
    const calendar = await device.collection('calendar');
    await device.sync(calendar);
    const occurrence = { serverId: `${calendar}:${id}`, occurrence: 0 };
    const { results } = await device.sync(calendar, {
      changes: [
        { kind: 'change', ...occurrence, patch: { title: 'Other' } },
        { kind: 'delete', ...occurrence, mode: 'trash' },
      ],
    });
    expect(results.map(({ status }) => status)).to.deep.equal(['invalid', 'invalid']);
    expect(anna.items<Appointment>(folder).map(({ item }) => item.title)).to.deep.equal(['Once']);
  });
});
