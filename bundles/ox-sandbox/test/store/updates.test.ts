import { expect } from 'chai';
import fc from 'fast-check';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

type Step =
  | { readonly kind: 'create'; readonly folder: number }
  | { readonly kind: 'change'; readonly which: number }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'move'; readonly which: number; readonly folder: number };

const folders = [22, 28, 30] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), folder: fc.nat(1) }),
  fc.record({ kind: fc.constant('change' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('delete' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('move' as const), which: fc.nat(20), folder: fc.nat(1) }),
);

/** A client that knows a folder only by `all` once and `updates` afterwards. */
class Follower {
  readonly known = new Map<string, number>();
  #timestamp = 0;

  constructor(
    private readonly client: OxClient,
    private readonly folder: number,
  ) {}

  async start(): Promise<void> {
    const { data, timestamp } = await this.client.get<[string, number][]>('contacts', 'all', {
      folder: this.folder,
      columns: '1,6',
    });
    for (const [id, stamp] of data) this.known.set(id, stamp);
    this.#timestamp = timestamp;
  }

  async follow(): Promise<void> {
    const params = { folder: this.folder, columns: '1,6', timestamp: this.#timestamp, ignore: 'false' };
    const { data, timestamp } = await this.client.get<([string, number] | string)[]>('contacts', 'updates', params);
    expect(timestamp).to.be.at.least(this.#timestamp);
    for (const row of data) {
      if (typeof row === 'string') this.known.delete(row);
      else this.known.set(...row);
    }
    this.#timestamp = timestamp;
  }
}

describe('updates', () => {
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start();
    client = await OxClient.login(server.url);
  });
  after(() => server[Symbol.asyncDispose]());

  it('lead every follower to what the folder holds, whatever was created, changed, moved and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 25 }), async (steps) => {
        const followers = folders.slice(0, 2).map((folder) => new Follower(client, folder));
        for (const follower of followers) await follower.start();
        const stamps = new Set<number>();
        const own: { id: string; folder: number }[] = [];
        for (const [one, look] of steps) {
          stamps.add(await run(one, own));
          if (look) for (const follower of followers) await follower.follow();
        }
        for (const [index, follower] of followers.entries()) {
          await follower.follow();
          const { data } = await client.get<[string, number][]>('contacts', 'all', {
            folder: folders[index]!,
            columns: '1,6',
          });
          expect([...follower.known].sort()).to.deep.equal(data.map(([id, stamp]) => [id, stamp]).sort());
        }
        stamps.delete(0);
        expect([...stamps]).to.deep.equal([...stamps].sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });

  /** @returns the stamp of the change, 0 when there was nothing to do */
  async function run(one: Step, own: { id: string; folder: number }[]): Promise<number> {
    if (one.kind === 'create') {
      const folder = folders[one.folder]!;
      const { data, timestamp } = await client.put<{ id: string }>(
        'contacts',
        'new',
        {},
        { folder_id: folder, display_name: 'x' },
      );
      own.push({ id: data.id, folder });
      return timestamp;
    }
    const contact = own[one.which % (own.length || 1)];
    if (!contact) return 0;
    const address = { ...contact, timestamp: Number.MAX_SAFE_INTEGER };
    if (one.kind === 'delete') {
      own.splice(own.indexOf(contact), 1);
      return (await client.put('contacts', 'delete', { timestamp: address.timestamp }, [contact])).timestamp;
    }
    if (one.kind === 'change')
      return (await client.put('contacts', 'update', address, { note: String(Math.random()) })).timestamp;
    const target = folders[one.folder]!;
    if (target === contact.folder) return 0;
    const { timestamp } = await client.put('contacts', 'update', address, { folder_id: target });
    contact.folder = target;
    return timestamp;
  }
});

describe('stamps', () => {
  it('grow although the clock stands still or goes back, and after a restart', async () => {
    await using server = await TestServer.start();
    const { db } = server.sandbox.contexts.open(1);
    const first = db.stamp();
    expect(db.stamp()).to.equal(Math.max(first + 1, server.clock.time));
    server.clock.advance(-3_600_000);
    expect(db.stamp()).to.equal(first + 2);
  });
});
