import type { FolderRef, GroupwareSession } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { bridgeTo } from '../support/sandbox';
import { type SandboxBridge, alice, bob, sandboxed, signal } from '../support/session';

const options = { signal };

/** As the demonstration has it. */
const bobsId = 4;

/** Who acts: two bridges with a session each for the first user, and another user with rights in the shared folder. */
const actors = ['phone', 'tablet', 'colleague'] as const;

type Actor = (typeof actors)[number];
type Folder = FolderRef & { itemClass: 'Contacts' };

type Step = { readonly by: Actor; readonly pick: number; readonly shared: boolean } & (
  | { readonly do: 'create' | 'delete' | 'move' | 'look' }
  | { readonly do: 'patch'; readonly name: string; readonly stale: boolean }
);

const step: fc.Arbitrary<Step> = fc
  .record({ by: fc.constantFrom(...actors), pick: fc.nat(50), shared: fc.boolean() })
  .chain((base) =>
    fc.oneof(
      fc.constantFrom('create', 'create', 'delete', 'move', 'look').map((what) => ({ ...base, do: what as 'create' })),
      fc
        .record({ name: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }), stale: fc.boolean() })
        .map(({ name, stale }) => ({ ...base, do: 'patch' as const, name: name.trim() || 'x', stale })),
    ),
  );

/** What everybody should see: names by id, in each folder. */
type Model = Readonly<Record<'own' | 'shared', Map<string, string>>>;

class World implements AsyncDisposable {
  readonly #known = new Map<string, string>();
  /** By actor and folder: what it has seen, and where its changes begin. */
  readonly #followed = new Map<string, { token: string; items: Map<string, string> }>();
  readonly model: Model = { own: new Map(), shared: new Map() };

  constructor(
    private readonly sessions: Readonly<Record<Actor, GroupwareSession>>,
    private readonly folders: Readonly<Record<'own' | 'shared', Folder>>,
  ) {}

  async run(what: Step): Promise<void> {
    const place = what.shared || what.by === 'colleague' ? 'shared' : 'own';
    const session = this.sessions[what.by];
    const folder = this.folders[place];
    const items = this.model[place];
    if (what.do === 'look') return this.follow(what.by, place);
    if (what.do === 'create') {
      const name = `contact ${this.#known.size}`;
      const { id, version } = await session.create(
        folder,
        { displayName: name },
        { ...options, key: crypto.randomUUID() },
      );
      items.set(id, name);
      this.#known.set(id, version);
      return;
    }
    const id = [...items.keys()][what.pick % Math.max(items.size, 1)];
    if (id === undefined) return;
    if (what.do === 'patch') await this.#patch(session, folder, id, items, what);
    else if (what.do === 'delete') {
      const [result] = await session.delete(folder, [id], { ...options, mode: 'permanent' });
      expect(result?.error).to.equal(undefined);
      items.delete(id);
    } else if (what.by !== 'colleague') {
      const target = place === 'own' ? 'shared' : 'own';
      const [result] = await session.move(folder, [id], this.folders[target], options);
      if (!result || result.error) throw result?.error ?? new Error('no result');
      this.model[target].set(result.moved.id, items.get(id) ?? '');
      this.#known.set(result.moved.id, result.moved.version);
      items.delete(id);
    }
  }

  async #patch(
    session: GroupwareSession,
    folder: Folder,
    id: string,
    items: Map<string, string>,
    { name, stale }: Extract<Step, { do: 'patch' }>,
  ): Promise<void> {
    const ifVersion = stale ? '1' : this.#known.get(id);
    const patching = session.patch(folder, id, { displayName: name }, { ...options, ...(ifVersion && { ifVersion }) });
    if (stale) {
      const error: unknown = await patching.then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(error).to.include({ code: 'CONFLICT' });
      return;
    }
    this.#known.set(id, (await patching).version);
    items.set(id, name);
  }

  /** Follows changes from where this actor was, as a sync engine does. */
  async follow(by: Actor, place: 'own' | 'shared'): Promise<void> {
    if (by === 'colleague' && place === 'own') return;
    const session = this.sessions[by];
    const key = `${by} ${place}`;
    const folder = this.folders[place];
    const before = this.#followed.get(key);
    const changes = before ? await session.changes(folder, before.token, options) : undefined;
    const items = new Map(before?.items);
    if (!changes || changes.kind === 'snapshot') {
      const listing = changes ?? (await session.list(folder, options));
      items.clear();
      for (const { id } of listing.items) items.set(id, '');
      await this.#read(session, folder, [...items.keys()], items);
      this.#followed.set(key, { token: listing.token, items });
    } else {
      if (changes.kind === 'delta') {
        for (const id of changes.deleted) items.delete(id);
        await this.#read(
          session,
          folder,
          changes.changed.map(({ id }) => id),
          items,
        );
      }
      this.#followed.set(key, { token: changes.token, items });
    }
    expect([...items].sort()).to.deep.equal([...this.model[place]].sort());
  }

  async #read(session: GroupwareSession, folder: Folder, ids: string[], items: Map<string, string>): Promise<void> {
    for (const found of await session.read(folder, ids, options)) {
      if (found.error) throw found.error;
      items.set(found.id, found.item.displayName ?? '');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of Object.values(this.folders)) await this.sessions.phone.deleteFolder(folder, options);
  }
}

for (const imitate of ['7.10', '6.x'] as const)
  describe(`random work of many (${imitate})`, () => {
    let first: SandboxBridge;
    let sessions: Record<Actor, GroupwareSession>;
    let second: { bridge: SandboxBridge['bridge'] };

    before(async () => {
      first = await sandboxed(imitate);
      second = bridgeTo(first.server.url, { 'ox.watch.mode': 'poll' });
      sessions = {
        phone: await first.login(alice),
        tablet: await second.bridge.login(alice, { signal }),
        colleague: await first.login(bob),
      };
    });
    after(async () => {
      for (const session of Object.values(sessions)) session[Symbol.dispose]();
      await second.bridge[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
    });

    const open = async (): Promise<World> => {
      const make = async (): Promise<Folder> => {
        const name = crypto.randomUUID();
        const { id } = await sessions.phone.createFolder({ name, itemClass: 'Contacts' }, options);
        return { id, itemClass: 'Contacts' };
      };
      const folders = { own: await make(), shared: await make() };
      await first.server.share(folders.shared.id, alice, [bobsId]);
      return new World(sessions, folders);
    };

    it('agrees with a simple model after each step', async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          await using world = await open();
          for (const one of steps) await world.run(one);
          for (const by of actors) for (const place of ['own', 'shared'] as const) await world.follow(by, place);
        }),
        { numRuns: 15 },
      );
    });
  });
