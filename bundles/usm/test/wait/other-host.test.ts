import type { ClusterBus, GroupwareBridge, GroupwareSession, WaitResult } from '@oxtender/bundle-api';
import { DisposableStore } from '@oxtender/bundle-api';
import { FakeClock, MemoryGroupware, sharedRedis } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus, RedisClusterBus } from '@oxtender/storage';
import { expect } from 'chai';
import { systemClock, TestDatabase } from '../support/databases';
import { silentLogger } from '../support/silent-logger';
import { login, never, type TestDevice, World } from '../support/world';

/** A groupware whose watch never says anything: what a device hears comes from another host. */
function deaf(bridge: GroupwareBridge): GroupwareBridge {
  const silent = { covers: () => true, [Symbol.dispose]: () => undefined };
  const dull = (session: GroupwareSession): GroupwareSession =>
    new Proxy(session, {
      get(target, name) {
        if (name === 'watch') return () => silent;
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'share' && typeof value === 'function')
          return () => dull((value as () => GroupwareSession).call(target));
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  return { name: bridge.name, login: async (credentials, options) => dull(await bridge.login(credentials, options)) };
}

const buses: Record<string, (held: DisposableStore) => Promise<(() => ClusterBus) | undefined>> = {
  'a bus that reaches both': () => {
    const bus = new InProcessClusterBus({ clock: systemClock, logger: silentLogger });
    return Promise.resolve(() => bus);
  },
  Redis: async (held) => {
    const redis = await sharedRedis();
    if (!redis) return undefined;
    const settings = { url: redis.url, prefix: `wait-${Date.now()}:`, lockTtl: 5000, timeout: 2000 };
    const buses = [0, 1].map(() =>
      held.add(new RedisClusterBus(settings, { clock: systemClock, logger: silentLogger })),
    );
    await Promise.all(buses.map(connected));
    return () => buses.pop()!;
  },
};

function connected(bus: ClusterBus): Promise<void> {
  if (bus.connected) return Promise.resolve();
  return new Promise((resolve) => {
    const listening = bus.onConnectedChange((is) => {
      if (!is) return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}

for (const [name, create] of Object.entries(buses)) {
  describe(`a device that waits on another host, over ${name}`, () => {
    let held: DisposableStore;
    let worlds: [World, World];

    beforeEach(async function () {
      held = new DisposableStore();
      const bus = await create(held);
      if (!bus) return this.skip();
      const groupware = new MemoryGroupware();
      groupware.addUser({ login });
      const store = held.add(TestDatabase.sqlite());
      const clock = new FakeClock();
      const world = async (): Promise<World> =>
        held.add(await World.create({ database: await store.open(), groupware, clock, bus: bus(), bridge: deaf }));
      worlds = [await world(), await world()];
    });
    afterEach(() => held.dispose());

    const waitFor = (device: TestDevice, collectionId: string): Promise<WaitResult> =>
      device.session.wait({ collections: [{ collectionId }], hierarchy: true, timeout: 600_000, signal: never });

    it('is woken by what another device of the user changes here', async () => {
      const [here, there] = worlds;
      const [tablet, phone] = [await here.device('tablet'), await there.device('phone')];
      const contacts = await phone.collection('contacts');
      await phone.sync(contacts);
      await tablet.sync(await tablet.collection('contacts'));
      const waiting = waitFor(phone, contacts);
      await quiet(there);
      await tablet.sync(contacts, { changes: [{ kind: 'add', clientId: '1', item: { lastName: 'New' } }] });
      expect(await waiting).to.deep.equal({ reason: 'changes', collections: [contacts], hierarchy: false });
    });

    it('is released when it comes here, and woken when an operator blocks it here', async () => {
      const [here, there] = worlds;
      const phone = await there.device('phone');
      const contacts = await phone.collection('contacts');
      await phone.sync(contacts);
      const first = waitFor(phone, contacts);
      await quiet(there);
      await here.clock.tick(1);
      const again = await here.device('phone');
      const second = waitFor(again, contacts);
      expect(await first).to.include({ reason: 'superseded' });
      await quiet(here);
      await there.registry.setAccess(phone.session.device, 'blocked');
      expect(await second).to.deep.include({ reason: 'changes', hierarchy: true });
    });
  });
}

/** Until the device's first look is over, and it waits. */
async function quiet({ engine, groupware }: World): Promise<void> {
  while (engine.services.waits.count === 0) await new Promise(setImmediate);
  for (let calls = -1; calls !== groupware.calls.length;) {
    calls = groupware.calls.length;
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  }
}
