import { sharedRedis } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { FlexibleRateLimits } from '../../src/cluster/flexible-rate-limits';

const options = { name: 'test', points: 3, window: 60_000 };

describe('rate limits in memory', () => {
  it('let through so many of a key in a window, and tell how long to wait then', async () => {
    const limit = new FlexibleRateLimits().create(options);
    expect([await limit.consume('a'), await limit.consume('a'), await limit.waitFor('a')]).to.deep.equal([0, 0, 0]);
    expect(await limit.consume('a')).to.equal(0);
    expect(await limit.waitFor('a')).to.be.within(1, 60_000);
    expect(await limit.consume('a')).to.be.within(1, 60_000);
    expect(await limit.consume('b')).to.equal(0);
  });

  it('count over windows that are longer than any timer', async () => {
    const limit = new FlexibleRateLimits().create({ name: 'month', points: 1, window: 30 * 86_400_000 });
    await limit.consume('a');
    // A timer that fires at once would have fired before this one.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await limit.waitFor('a')).to.be.greaterThan(86_400_000);
  });

  it('take points back, and forget a key', async () => {
    const limit = new FlexibleRateLimits().create(options);
    for (let count = 0; count < 3; count++) await limit.consume('a');
    await limit.reward('a');
    expect(await limit.waitFor('a')).to.equal(0);
    await limit.consume('a');
    await limit.reset('a');
    expect(await limit.waitFor('a')).to.equal(0);
  });
});

describe('rate limits in Redis', function () {
  this.timeout(20_000);
  const clients: Redis[] = [];

  before(async function () {
    const server = await sharedRedis();
    if (!server) return this.skip();
    for (let count = 0; count < 2; count++) clients.push(new Redis(server.url, { maxRetriesPerRequest: 0 }));
    await Promise.all(clients.map((client) => client.ping()));
  });
  after(() => clients.forEach((client) => client.disconnect()));

  const limits = (prefix: string): FlexibleRateLimits[] =>
    clients.map((client) => new FlexibleRateLimits({ client, prefix }));

  it('count what comes to several hosts together; names of keys tell nobody anything', async () => {
    const [first, second] = limits('together:').map((each) => each.create(options));
    await first!.consume('alice@example.com');
    await second!.consume('alice@example.com');
    await first!.consume('alice@example.com');
    expect(await second!.waitFor('alice@example.com')).to.be.greaterThan(0);
    const keys = await clients[0]!.keys('together:*');
    expect(keys).to.have.lengthOf(1);
    expect(keys[0]).not.to.include('alice');
    await second!.reset('alice@example.com');
    expect(await first!.waitFor('alice@example.com')).to.equal(0);
  });

  it('go on in memory while Redis is away', async () => {
    const gone = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, enableOfflineQueue: false });
    const limit = new FlexibleRateLimits({ client: gone, prefix: 'x:' }).create(options);
    for (let count = 0; count < 3; count++) expect(await limit.consume('a')).to.equal(0);
    expect(await limit.consume('a')).to.be.greaterThan(0);
    gone.disconnect();
  });
});
