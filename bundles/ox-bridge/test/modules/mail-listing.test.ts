import type { GroupwareSession, ItemListing, ListOptions } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { type SandboxBridge, alice, sandboxed, signal } from '../support/session';

type Step = { readonly do: 'look' | 'read' | 'flag' | 'delete' | 'narrow' | 'widen'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('look' as const, 'look', 'read', 'flag', 'delete', 'narrow', 'widen'),
  pick: fc.nat(30),
});

const inbox = { id: 'default0/INBOX', itemClass: 'Email' as const };

/** Milliseconds: the demonstration's mails are of the last weeks. */
const day = 86_400_000;

const plain = ({ items }: Pick<ItemListing<'Email'>, 'items'>): string[] =>
  items.map(({ id, version }) => `${id} ${version}`).sort();

describe('changes of a mail folder', () => {
  let ox: SandboxBridge;
  let phone: GroupwareSession;
  let web: GroupwareSession;

  before(async () => {
    ox = await sandboxed('8.x');
    [phone, web] = [await ox.login(alice), await ox.login(alice)];
  });
  after(async () => {
    for (const session of [phone, web]) session[Symbol.dispose]();
    await ox[Symbol.asyncDispose]();
  });

  it('lead from one listing to the next, whatever came between and whatever is asked for', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        let since: number | undefined;
        const asked = (): ListOptions => ({ signal, ...(since !== undefined && { since }) });
        let { items, token } = await phone.list(inbox, asked());
        for (const { do: what, pick } of steps) {
          const { id = '' } = items[pick % Math.max(items.length, 1)] ?? {};
          if (what === 'narrow') since = Date.now() - (1 + (pick % 20)) * day;
          else if (what === 'widen') since = undefined;
          else if (what === 'delete' && items.length > 5) await web.delete(inbox, [id], { signal, mode: 'permanent' });
          else if (what === 'read' && id !== '') await web.patch(inbox, id, { read: pick % 2 === 0 }, { signal });
          else if (what === 'flag' && id !== '') await web.patch(inbox, id, { answered: pick % 2 === 0 }, { signal });
          const changes = await phone.changes(inbox, token, asked());
          if (changes.kind === 'snapshot') ({ items } = changes);
          ({ token } = changes);
          expect(plain({ items })).to.deep.equal(plain(await phone.list(inbox, asked())));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are read once: an answer that is the same is known again', async () => {
    const { token } = await phone.list(inbox, { signal });
    const first = await phone.changes(inbox, token, { signal });
    const parsed = JSON.parse;
    let read = 0;
    JSON.parse = (text: string, ...more: []) => {
      if (text.startsWith('[{"data"')) read += 1;
      return parsed(text, ...more) as unknown;
    };
    try {
      const second = await phone.changes(inbox, first.token, { signal });
      expect(second).to.deep.equal({ kind: 'none', token: first.token });
    } finally {
      JSON.parse = parsed;
    }
    expect(read).to.equal(0);
  });
});
