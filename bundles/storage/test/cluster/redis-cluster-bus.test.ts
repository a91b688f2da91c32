import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { isOxtenderError } from '@oxtender/bundle-api';
import { describeClusterBus, RedisServer, sharedRedis } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { RedisClusterBus } from '../../src/cluster/redis-cluster-bus';
import { clusterBusHealth } from '../../src/health';
import type { RedisSettings } from '../../src/settings';
import { RecordingLogger } from '../support/recording-logger';
import { rejection } from '../support/rejection';
import { systemClock } from '../support/system-clock';

const uncancelled = { signal: new AbortController().signal };

function open(server: RedisServer, changes: Partial<RedisSettings> = {}): RedisClusterBus {
  const settings = { url: server.url, prefix: `${randomUUID()}:`, lockTtl: 10_000, timeout: 1000, ...changes };
  return new RedisClusterBus(settings, { clock: systemClock, logger: new RecordingLogger() });
}

async function untilConnected(bus: RedisClusterBus, wanted = true): Promise<RedisClusterBus> {
  if (bus.connected === wanted) return bus;
  const change = new EventTarget();
  const listening = bus.onConnectedChange(() => change.dispatchEvent(new Event('change')));
  while (bus.connected !== wanted) await once(change, 'change');
  listening[Symbol.dispose]();
  return bus;
}

describeClusterBus('over Redis', async () => {
  const server = await sharedRedis();
  if (!server) return undefined;
  const prefix = `${randomUUID()}:`;
  const buses = [await untilConnected(open(server, { prefix }))];
  return {
    bus: buses[0]!,
    another: async () => {
      const bus = await untilConnected(open(server, { prefix }));
      buses.push(bus);
      return bus;
    },
    [Symbol.asyncDispose]: async () => {
      for (const bus of buses) await bus[Symbol.asyncDispose]();
    },
  };
});

describe('RedisClusterBus', function () {
  let server: RedisServer;
  const buses: RedisClusterBus[] = [];

  before(async function () {
    const started = await RedisServer.start();
    if (started) server = started;
    else this.skip();
  });

  after(async () => {
    await (server as RedisServer | undefined)?.[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus[Symbol.asyncDispose]();
  });

  const make = (changes: Partial<RedisSettings> = {}): RedisClusterBus => {
    const bus = open(server, changes);
    buses.push(bus);
    return bus;
  };

  it('goes on alone while Redis is away, says so, and comes back by itself', async () => {
    const bus = await untilConnected(make());
    const health = clusterBusHealth(bus);
    const before = await bus.lock('l', uncancelled);
    await before[Symbol.asyncDispose]();
    await server.stop();
    await untilConnected(bus, false);
    expect(await health.run(uncancelled)).to.include({ status: 'WARN' });

    const heard = new Promise((resolve) => bus.subscribe('a', resolve));
    bus.publish('a', 'alone');
    expect(await heard).to.equal('alone');
    expect([await bus.count('c', 1, 60_000), await bus.count('c', 1, 60_000)]).to.deep.equal([1, 2]);
    const alone = await bus.lock('l', uncancelled);
    expect(alone.fence).to.be.greaterThan(before.fence);
    expect(await bus.tryLock('l')).to.equal(undefined);
    await alone[Symbol.asyncDispose]();

    await server.startAgain();
    await untilConnected(bus);
    expect(await health.run(uncancelled)).to.deep.equal({ status: 'OK' });
    const after = await bus.lock('l', uncancelled);
    expect(after.fence).to.be.greaterThan(alone.fence);
    await after[Symbol.asyncDispose]();
  });

  it('starts alone when Redis is not there yet', async () => {
    await server.stop();
    const bus = make();
    const lock = await bus.lock('l', uncancelled);
    expect(bus.connected).to.equal(false);
    await lock[Symbol.asyncDispose]();
    await server.startAgain();
    await untilConnected(bus);
  });

  it('takes a Redis that answers nothing for one that is away', async () => {
    const bus = await untilConnected(make({ timeout: 100 }));
    await server.suspend();
    try {
      await untilConnected(bus, false);
      const lock = await bus.lock('l', uncancelled);
      await lock[Symbol.asyncDispose]();
    } finally {
      server.resume();
    }
    await untilConnected(bus);
  });

  it('wakes those who wait for a lock when Redis goes', async () => {
    const prefix = 'wake:';
    const holder = await untilConnected(make({ prefix }));
    const waiter = await untilConnected(make({ prefix }));
    await holder.lock('l', uncancelled);
    const waiting = waiter.lock('l', uncancelled);
    await server.stop();
    await using taken = await waiting;
    expect(taken.signal.aborted).to.equal(false);
    await server.startAgain();
  });

  it('keeps a lock by renewing it', async () => {
    const bus = await untilConnected(make({ prefix: 'renewed:', lockTtl: 300 }));
    await using lock = await bus.lock('l', uncancelled);
    const redis = new Redis(server.url);
    const left = (): Promise<number> => redis.pttl('renewed:lock:l');
    for (let before = await left(), now = before; now <= before; now = await left()) before = now;
    expect(lock.signal.aborted).to.equal(false);
    redis.disconnect();
  });

  it('gets the lock of a host that died', async () => {
    const bus = await untilConnected(make({ prefix: 'died:' }));
    const redis = new Redis(server.url);
    await redis.set('died:lock:l', 'token of the dead', 'PX', 50);
    redis.disconnect();
    await using lock = await bus.lock('l', uncancelled);
    expect(lock.signal.aborted).to.equal(false);
  });

  it('gives back what it holds when it ends', async () => {
    const prefix = 'end:';
    const ending = await untilConnected(open(server, { prefix }));
    const bus = await untilConnected(make({ prefix }));
    const held = await ending.lock('l', uncancelled);
    await ending[Symbol.asyncDispose]();
    await using lock = await bus.tryLock('l');
    expect(lock).not.to.equal(undefined);
    expect(isOxtenderError(held.signal.reason, 'LOCK_LOST')).to.equal(true);
  });

  it('tells the holder of a lock that Redis has lost', async () => {
    const bus = await untilConnected(make({ lockTtl: 300 }));
    const lock = await bus.lock('l', uncancelled);
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
    if (!lock.signal.aborted) await once(lock.signal, 'abort');
    await using next = await bus.lock('l', uncancelled);
    expect(next.fence).to.be.greaterThan(lock.fence);
  });

  it('keeps nothing for one who gave up while Redis was asked', async () => {
    const bus = await untilConnected(make());
    const impatient = new AbortController();
    const reason = new Error('enough');
    const waiting = rejection(bus.lock('l', { signal: impatient.signal }));
    impatient.abort(reason);
    expect(await waiting).to.equal(reason);
    await using lock = await bus.tryLock('l');
    expect(lock).not.to.equal(undefined);
  });

  it('keeps installations with other prefixes apart', async () => {
    const one = await untilConnected(make({ prefix: 'one:' }));
    const two = await untilConnected(make({ prefix: 'two:' }));
    await one.lock('l', uncancelled);
    await using other = await two.tryLock('l');
    expect(other).not.to.equal(undefined);
  });

  it('leaves nothing in Redis but its fence', async () => {
    const bus = await untilConnected(make({ prefix: 'clean:' }));
    await (await bus.lock('l', uncancelled))[Symbol.asyncDispose]();
    const redis = new Redis(server.url);
    expect(await redis.keys('clean:*')).to.deep.equal(['clean:fence']);
    redis.disconnect();
  });
});
