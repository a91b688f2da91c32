import type { ChangeNotice, ClusterBus, FolderRef, GroupwareSession, Logger, WaitResult } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import type { Collection } from '../../src/sync/collection';
import { UserWatch } from '../../src/wait/user-watch';
import type { Wait } from '../../src/wait/waiter';
import { Waits } from '../../src/wait/waits';

const folder: FolderRef = { id: 'INBOX', itemClass: 'Email' };
const collection = { id: 'F1', folder } as Collection;
const bus = { publish: () => undefined, subscribe: () => ({ [Symbol.dispose]: () => undefined }) };

class Phones {
  readonly clock = new FakeClock();
  readonly waits = new Waits(bus as unknown as ClusterBus, this.clock, {} as Logger);
  /** Users whose devices look, in order. */
  readonly looks: number[] = [];
  readonly #answers = new Map<number, ((found: boolean) => void)[]>();
  readonly #announce: ((notice: ChangeNotice) => void)[] = [];

  wait(user: number, { end, signal = new AbortController().signal }: { end?: AbortSignal; signal?: AbortSignal } = {}) {
    const watch = (listener: (notice: ChangeNotice) => void): object => {
      this.#announce[user] = listener;
      return { covers: () => false, [Symbol.dispose]: () => undefined };
    };
    const wait: Wait = {
      session: { contextId: 1, sessionId: user },
      user: String(user),
      end,
      watch: new UserWatch({ watch } as unknown as GroupwareSession, this.clock),
      ...{ collections: [collection], hierarchy: false, timeout: 60_000, signal },
      hasChanges: () => {
        this.looks.push(user);
        const answers = this.#answers.get(user) ?? [];
        this.#answers.set(user, answers);
        return new Promise((resolve) => answers.push(resolve));
      },
      hasHierarchyChanges: () => Promise.resolve(false),
      ended: () => undefined,
    };
    return new Promise<WaitResult>((resolve, reject) => this.waits.begin(wait, { resolve, reject }));
  }

  async announce(user: number): Promise<void> {
    this.#announce[user]?.({ folderId: folder.id });
    await settle();
  }

  async answer(user: number, found: boolean): Promise<void> {
    this.#answers.get(user)?.shift()?.(found);
    await settle();
  }
}

describe('Waits', () => {
  it('look at news before all that has no hurry', async () => {
    const phones = new Phones();
    const waiting = Array.from({ length: 40 }, (_, user) => phones.wait(user));
    const first = [...phones.looks];
    expect(first).to.have.length.below(30);
    await phones.announce(39);
    expect(phones.looks).to.deep.equal([...first, 39]);
    await phones.answer(39, true);
    expect(await waiting[39]).to.deep.equal({ reason: 'changes', collections: ['F1'], hierarchy: false });
    expect(phones.waits.count).to.equal(39);
  });

  it('look once more at what is announced during a look', async () => {
    const phones = new Phones();
    const waiting = phones.wait(0);
    await phones.announce(0);
    expect(phones.looks).to.deep.equal([0]);
    await phones.answer(0, false);
    expect(phones.looks).to.deep.equal([0, 0]);
    await phones.answer(0, true);
    expect((await waiting).reason).to.equal('changes');
  });

  it('give the turn of a device that has gone to the next', async () => {
    const phones = new Phones();
    const gone = new AbortController();
    const limit = 16;
    for (let user = 0; user < limit; user++) void phones.wait(user);
    const waiting = phones.wait(limit, { signal: gone.signal });
    void phones.wait(limit + 1);
    gone.abort(new Error('gone'));
    expect(await waiting.catch((error: unknown) => error)).to.include({ message: 'gone' });
    await phones.answer(0, false);
    expect(phones.looks.at(-1)).to.equal(limit + 1);
  });

  it('end all at once with the signal for that, and have no listener each', async () => {
    const phones = new Phones();
    const end = new AbortController();
    let listeners = 0;
    const add = end.signal.addEventListener.bind(end.signal);
    end.signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners += 1;
      add(...parameters);
    };
    const waiting = [0, 1, 2].map((user) => phones.wait(user, { end: end.signal }));
    end.abort();
    const late = phones.wait(3, { end: end.signal });
    for (const { reason } of await Promise.all([...waiting, late])) expect(reason).to.equal('timeout');
    expect([listeners, phones.waits.count, phones.clock.pending]).to.deep.equal([1, 0, 0]);
  });
});
