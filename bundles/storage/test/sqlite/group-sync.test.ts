import { expect } from 'chai';
import { GroupSync } from '../../src/sqlite/group-sync';

/** Syncs that end when told. */
function controlledSync() {
  const running: { end: () => void; fail: (error: Error) => void }[] = [];
  const group = new GroupSync(() => new Promise((end, fail) => running.push({ end, fail })));
  return { group, running };
}

describe('GroupSync', () => {
  it('serves all who ask during a sync with the one after it', async () => {
    const { group, running } = controlledSync();
    const done: string[] = [];
    const ask = (name: string): Promise<unknown> => group.synced().then(() => done.push(name));
    const first = ask('first');
    const others = [ask('second'), ask('third')];
    expect(running).to.have.length(1);
    running[0]?.end();
    await first;
    await new Promise(setImmediate);
    expect([done, running.length]).to.deep.equal([['first'], 2]);
    running[1]?.end();
    await Promise.all(others);
    expect(done).to.deep.equal(['first', 'second', 'third']);
  });

  it('starts anew for one who asks when nothing runs', async () => {
    const { group, running } = controlledSync();
    for (const round of [0, 1]) {
      const synced = group.synced();
      running[round]?.end();
      await synced;
    }
    expect(running).to.have.length(2);
  });

  it('tells a failure to those whom it concerns, and goes on', async () => {
    const { group, running } = controlledSync();
    const failed = group.synced().catch((error: unknown) => error);
    const next = group.synced();
    const failure = new Error('wanted failure');
    running[0]?.fail(failure);
    expect(await failed).to.equal(failure);
    await new Promise(setImmediate);
    running[1]?.end();
    await next;
  });
});
