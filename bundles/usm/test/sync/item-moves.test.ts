import { type FolderRole, GroupwareError, type Item, type ItemMoveResult } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { never, type TestDevice, World } from '../support/world';

const lost = new GroupwareError('UNAVAILABLE', 'the answer was lost');

interface Prepared {
  readonly device: TestDevice;
  readonly source: string;
  readonly target: string;
  /** The target's id in the groupware. */
  readonly elsewhere: string;
  readonly id: string;
}

const receivedAt = Date.UTC(2026, 10, 20);

const kinds: readonly { readonly role: FolderRole; readonly item: Item; readonly name: string }[] = [
  { name: 'a mail', role: 'inbox', item: { subject: 'Move me', messageId: '<move@example.org>', read: false } },
  { name: 'a mail without Message-ID', role: 'inbox', item: { subject: 'Move me', receivedAt, read: false } },
  { name: 'a contact', role: 'contacts', item: { firstName: 'Bob' } },
];

for (const { role, item, name: kind } of kinds)
  describe(`a move of ${kind}`, () => {
    /** A device that knows the item, and another folder of the class. */
    async function prepared(world: World): Promise<Prepared> {
      const { anna } = world;
      const folder = anna.folder(role);
      const elsewhere = anna.addFolder({ name: 'Elsewhere', itemClass: folder.itemClass }).id;
      anna.put(folder.id, item);
      const device = await world.device();
      const source = await device.collection(role);
      const target = device.folders.find(({ name }) => name === 'Elsewhere')?.collectionId ?? '';
      await device.sync(target);
      const { changes } = await device.sync(source);
      return { device, source, target, elsewhere, id: changes[0]?.serverId ?? '' };
    }

    const move = async (device: TestDevice, id: string, target: string): Promise<ItemMoveResult | undefined> =>
      (await device.session.move([{ serverId: id, target }], { signal: never }))[0];

    it('whose end nobody saw is told by a repeat, to another process', async () => {
      await using world = await World.create();
      const { device, source, target, elsewhere, id } = await prepared(world);
      world.groupware.faults.fail('move', lost, { moment: 'after' });
      expect(
        await move(device, id, target).then(
          () => 'answered',
          () => 'lost',
        ),
      ).to.equal('lost');
      await world.restart();
      const session = await world.open();
      const [result] = await session.move([{ serverId: id, target }], { signal: never });
      const [there] = world.anna.items(elsewhere);
      expect(result).to.deep.equal({ status: 'done', serverId: await session.serverIdOf(target, there?.id ?? '') });
      expect(await session.move([{ serverId: id, target }], { signal: never })).to.deep.equal([result]);
      const again = await world.device();
      for (const collection of [source, target]) again.keys.set(collection, device.keys.get(collection) ?? '0');
      expect((await again.sync(source)).changes).to.deep.equal([]);
      expect((await again.sync(target)).changes).to.deep.equal([]);
    });

    it('of what somebody else took away is refused, repeated or not', async () => {
      await using world = await World.create();
      const { device, target, id } = await prepared(world);
      const folder = world.anna.folder(role).id;
      world.groupware.faults.fail('move', lost);
      await move(device, id, target).catch(() => undefined);
      const [there] = world.anna.items(folder);
      world.anna.remove(folder, there?.id ?? '');
      expect(await move(device, id, target)).to.include({ status: 'not-found' });
    });
  });
