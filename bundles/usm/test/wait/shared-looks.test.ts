import type { ChangeNotice, FolderRef, GroupwareSession, ItemChanges } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { UserWatch } from '../../src/wait/user-watch';

const inbox = { id: 'INBOX', itemClass: 'Email' } as const satisfies FolderRef;
const nothing: ItemChanges<'Email'> = { kind: 'none', token: '1' };
const signal = new AbortController().signal;

/** A groupware whose answers come when they are told to. */
class SlowGroupware {
  readonly clock = new FakeClock();
  readonly asked: { resolve: (answer: ItemChanges<'Email'>) => void; reject: (error: Error) => void }[] = [];
  announce: (notice: ChangeNotice) => void = () => undefined;
  readonly #session = {
    watch: (listener: (notice: ChangeNotice) => void) => {
      this.announce = listener;
      return { covers: () => false, [Symbol.dispose]: () => undefined };
    },
    changes: () => new Promise((resolve, reject) => this.asked.push({ resolve, reject })),
  } as unknown as GroupwareSession;
  readonly watch = new UserWatch(this.#session, this.clock);

  look(device: string, token = '1'): Promise<ItemChanges<'Email'>> {
    return this.watch.looks.of({ device, groupware: this.#session }).changes(inbox, token, { signal });
  }
}

describe('SharedLooks', () => {
  it('ask once for devices that look at the same time and know the same', async () => {
    const groupware = new SlowGroupware();
    const looks = [groupware.look('phone'), groupware.look('tablet'), groupware.look('watch', '2')];
    expect(groupware.asked).to.have.length(2);
    for (const { resolve } of groupware.asked) resolve(nothing);
    expect(await Promise.all(looks)).to.deep.equal([nothing, nothing, nothing]);
  });

  it('spare another device a look at what was quiet a moment ago, never the same device', async () => {
    const groupware = new SlowGroupware();
    const first = groupware.look('phone');
    groupware.asked[0]?.resolve(nothing);
    await first;
    expect(await groupware.look('tablet')).to.equal(nothing);
    expect(groupware.asked).to.have.length(1);
    void groupware.look('phone');
    expect(groupware.asked).to.have.length(2);
  });

  it('ask anew after a while', async () => {
    const groupware = new SlowGroupware();
    const first = groupware.look('phone');
    groupware.asked[0]?.resolve(nothing);
    await first;
    await groupware.clock.tick(5_000);
    void groupware.look('tablet');
    expect(groupware.asked).to.have.length(2);
  });

  it('ask anew when something was announced since, also while they are asking', () => {
    const groupware = new SlowGroupware();
    void groupware.look('phone');
    groupware.announce({ folderId: 'INBOX' });
    void groupware.look('tablet');
    void groupware.look('watch');
    expect(groupware.asked).to.have.length(2);
  });

  it('keep no lists of items', async () => {
    const groupware = new SlowGroupware();
    const first = groupware.look('phone');
    groupware.asked[0]?.resolve({ kind: 'snapshot', items: [], token: '2' });
    await first;
    void groupware.look('tablet');
    expect(groupware.asked).to.have.length(2);
  });

  it('fail for the device that asked, while the others ask themselves', async () => {
    const groupware = new SlowGroupware();
    const phone = groupware.look('phone');
    const tablet = groupware.look('tablet');
    groupware.asked[0]?.reject(new Error('the phone has gone'));
    expect(await phone.catch((error: unknown) => error)).to.include({ message: 'the phone has gone' });
    expect(groupware.asked).to.have.length(2);
    groupware.asked[1]?.resolve(nothing);
    expect(await tablet).to.equal(nothing);
  });
});
