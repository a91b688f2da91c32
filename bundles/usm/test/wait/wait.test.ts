import { GroupwareError, type WaitRequest, type WaitResult } from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { never, type TestDevice, World } from '../support/world';

const minute = 60_000;

function wait(
  device: TestDevice,
  collectionIds: readonly string[],
  request: Partial<WaitRequest> = {},
): Promise<WaitResult> {
  const collections = collectionIds.map((collectionId) => ({ collectionId }));
  return device.session.wait({ collections, hierarchy: true, timeout: 10 * minute, signal: never, ...request });
}

/** A device that is up to date in its inbox and contacts. */
async function upToDate(world: World, id = 'phone'): Promise<{ device: TestDevice; inbox: string; contacts: string }> {
  const device = await world.device(id);
  const inbox = await device.collection('inbox');
  const contacts = await device.collection('contacts');
  for (const collectionId of [inbox, contacts]) await device.sync(collectionId);
  return { device, inbox, contacts };
}

describe('waiting for changes', () => {
  it('ends with the collections that changed', async () => {
    await using world = await World.create();
    const { device, inbox, contacts } = await upToDate(world);
    const waiting = wait(device, [inbox, contacts]);
    await settle();
    await world.anna.deliver({ subject: 'news' });
    expect(await waiting).to.deep.equal({ reason: 'changes', collections: [inbox], hierarchy: false });
  });

  it('answers at once what is pending already', async () => {
    await using world = await World.create();
    const { device, inbox } = await upToDate(world);
    await world.anna.deliver({ subject: 'news' });
    expect(await wait(device, [inbox])).to.deep.equal({ reason: 'changes', collections: [inbox], hierarchy: false });
    await device.sync(inbox);
    world.anna.addFolder({ name: 'New', itemClass: 'Email' });
    expect(await wait(device, [inbox])).to.deep.equal({ reason: 'changes', collections: [], hierarchy: true });
  });

  it('ends when the time is over, or the same device begins another wait', async () => {
    await using world = await World.create();
    const { device, inbox } = await upToDate(world);
    const first = wait(device, [inbox]);
    await settle();
    const second = wait(device, [inbox]);
    expect(await first).to.deep.equal({ reason: 'superseded', collections: [], hierarchy: false });
    await world.clock.tick(10 * minute);
    expect(await second).to.deep.equal({ reason: 'timeout', collections: [], hierarchy: false });
    expect(world.engine.services.waits.count).to.equal(0);
  });

  it('ends with the signal, and leaves nothing behind', async () => {
    await using world = await World.create();
    const { device, inbox } = await upToDate(world);
    const timers = world.clock.pending;
    const gone = new AbortController();
    const waiting = wait(device, [inbox], { signal: gone.signal });
    await settle();
    gone.abort(new Error('the device has gone'));
    expect(await waiting.catch((error: unknown) => error)).to.include({ message: 'the device has gone' });
    expect(world.engine.services.waits.count).to.equal(0);
    await world.clock.tick(5 * minute);
    expect(world.clock.pending).to.equal(timers);
    expect(world.engine.services.watches.count).to.equal(0);
  });

  it('is not disturbed by what the device itself wrote', async () => {
    await using world = await World.create();
    const { device, contacts } = await upToDate(world);
    let ended = false;
    const waiting = wait(device, [contacts]).finally(() => (ended = true));
    await settle();
    await device.sync(contacts, { changes: [{ kind: 'add', clientId: '1', item: { firstName: 'Eve' } }] });
    await world.clock.tick(minute);
    expect(ended).to.equal(false);
    await world.clock.tick(10 * minute);
    expect((await waiting).reason).to.equal('timeout');
  });

  it('knows nothing of folders that were never synced', async () => {
    await using world = await World.create();
    const device = await world.device();
    const inbox = await device.collection('inbox');
    await world.anna.deliver({ subject: 'news' });
    const waiting = wait(device, [inbox]);
    await world.clock.tick(10 * minute);
    expect((await waiting).reason).to.equal('timeout');
    const unknown = await wait(device, ['F999']).catch((error: unknown) => error);
    expect(unknown).to.include({ code: 'UNKNOWN_COLLECTION' });
  });

  it('costs the groupware one watch per user and no call while nothing changes', async () => {
    await using world = await World.create();
    const { device: phone, inbox } = await upToDate(world, 'phone');
    const { device: tablet } = await upToDate(world, 'tablet');
    const waits = [wait(phone, [inbox]), wait(tablet, [inbox])];
    await settle();
    world.groupware.calls.length = 0;
    await world.clock.tick(9 * minute);
    expect(world.groupware.calls).to.deep.equal([]);
    expect(world.engine.services.watches.count).to.equal(1);
    await world.clock.tick(2 * minute);
    await Promise.all(waits);
    // The watch goes on for a while: a sync knows from it that nothing changed, and need not ask.
    expect((await phone.sync(inbox)).changes).to.deep.equal([]);
    expect(world.groupware.calls).to.deep.equal([]);
  });

  it('looks from time to time into folders that nobody announces', async () => {
    await using world = await World.create();
    const { device, inbox } = await upToDate(world);
    world.groupware.behaviour.watchCovers = false;
    const waiting = wait(device, [inbox]);
    await settle();
    world.groupware.calls.length = 0;
    await world.clock.tick(5 * minute);
    expect(world.groupware.calls.filter(({ method }) => method === 'changes')).to.have.length(5);
    await world.clock.tick(5 * minute);
    expect((await waiting).reason).to.equal('timeout');
  });

  it('goes on while the groupware is down, and looks again later', async () => {
    await using world = await World.create();
    const { device, inbox } = await upToDate(world);
    const waiting = wait(device, [inbox]);
    await settle();
    world.groupware.faults.fail('changes', new GroupwareError('UNAVAILABLE', 'down'));
    await world.anna.deliver({ subject: 'news' });
    await world.clock.tick(2 * minute);
    expect((await waiting).collections).to.deep.equal([inbox]);
  });

  it('is not woken by items that only leave the filter', async () => {
    await using world = await World.create();
    const device = await world.device();
    const inbox = await device.collection('inbox');
    await world.anna.deliver({ subject: 'old', receivedAt: world.clock.now() });
    const filter = { since: world.clock.now() };
    await device.sync(inbox, { filter });
    const waiting = wait(device, [inbox], { timeout: 3 * 24 * 60 * minute });
    await world.clock.tick(4 * 24 * 60 * minute);
    expect((await waiting).reason).to.equal('timeout');
  });
});
