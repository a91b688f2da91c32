import type { Folder, FolderRef, Logger } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { bulkhead } from 'cockatiel';
import type { OxClient } from '../../src/http/ox-client';
import { Polling } from '../../src/watch/polling';
import { oxError } from '../support/scripted-server';
import { type ScriptedBridge, scripted } from '../support/session';

const contacts: FolderRef = { id: '31', itemClass: 'Contacts' };
const tasks: FolderRef = { id: '32', itemClass: 'Tasks' };
const inbox: FolderRef = { id: 'default0/INBOX', itemClass: 'Email' };

const second = 1_000;

/** A server whose answers to looks a test changes; its clock is the bridge's. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly notices: unknown[] = [];
  contacts: unknown[] = [];
  refused = false;
  mails = { validity: 1, next: 5, total: 4, unread: 1 };
  own!: ScriptedBridge;

  static async open(): Promise<Scene> {
    const scene = new Scene();
    scene.own = await scripted(
      {
        'config/currentTime get': () => ({
          headers: { Date: new Date(scene.clock.now()).toUTCString() },
          text: JSON.stringify({ data: scene.clock.now() }),
        }),
        'contacts updates': ({ query }) => {
          if (scene.refused) return oxError('CON-0104', 3);
          const since = Number(query.get('timestamp'));
          const data = scene.contacts.filter((row) => !Array.isArray(row) || Number(row[1]) > since);
          const times = data.flatMap((row) => (Array.isArray(row) ? [Number(row[1])] : []));
          return { json: { data, timestamp: Math.max(0, ...times) } };
        },
        'tasks updates': () => ({ json: { data: [], timestamp: 0 } }),
        'mail examine': () => ({ json: { data: scene.mails } }),
        'folders allVisible': () => ({ json: { data: {} } }),
      },
      { 'ox.watch.interval': 3 * second, 'ox.watch.idle_interval': 30 * second },
      scene.clock,
    );
    return scene;
  }

  /** What one look after some time costs, in requests, and what it tells. */
  async look(milliseconds: number): Promise<{ requests: string[]; notices: unknown[] }> {
    this.notices.length = 0;
    const before = this.own.server.calls.length;
    const timers = this.clock.pending;
    await this.clock.tick(milliseconds);
    while (this.clock.pending < timers) await settle();
    const calls = this.own.server.calls.slice(before);
    const requests = calls.filter((call) => !call.isPart).map(({ module, action }) => `${module} ${action}`);
    return { requests, notices: [...this.notices] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.own[Symbol.asyncDispose]();
  }
}

describe('Polling', () => {
  it('asks in one request for what is waited for, and tells what changed', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    using watch = session.watch((notice) => scene.notices.push(notice));
    watch.attend?.({ folders: [contacts, tasks, inbox], hierarchy: false });

    const first = await scene.look(0);
    expect(first.requests).to.deep.equal(['config/currentTime get', 'multiple multiple']);
    expect(first.notices).to.deep.equal([{ folderId: contacts.id }, { folderId: tasks.id }, { folderId: inbox.id }]);

    expect(await scene.look(4 * second)).to.deep.equal({ requests: ['multiple multiple'], notices: [] });
    scene.contacts = [['1', scene.clock.now()]];
    expect(await scene.look(5 * second)).to.deep.equal({
      requests: ['multiple multiple'],
      notices: [{ folderId: contacts.id }],
    });
    // Told once, though the server tells it again as long as it is fresh.
    expect((await scene.look(3.6 * second)).notices).to.deep.equal([]);
    scene.contacts = [['1', scene.clock.now()], '2'];
    expect((await scene.look(4.5 * second)).notices).to.deep.equal([{ folderId: contacts.id }]);
    scene.mails = { ...scene.mails, unread: 0 };
    expect((await scene.look(3.6 * second)).notices).to.deep.include({ folderId: inbox.id });
  });

  it('is for so many users at a time, and the others come next', async () => {
    const clock = new FakeClock();
    const slots = bulkhead(1, 100);
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const client = { account: { traits: {} }, all: () => Promise.resolve([]) } as unknown as OxClient;
    const pollings = ['anna', 'bob'].map((user) => {
      const listFolders = (): Promise<Folder[]> => {
        asked.push(user);
        return new Promise((resolve) => answers.push(() => resolve([])));
      };
      const log = {} as Logger;
      const intervals = { interval: 3 * second, idleInterval: 30 * second };
      return new Polling({ client, clock, log, ...intervals, slots, listFolders });
    });
    for (const polling of pollings) polling.start(() => undefined);
    await clock.tick(0);
    expect(asked).to.deep.equal(['anna']);
    answers[0]?.();
    await settle();
    expect(asked).to.deep.equal(['anna', 'bob']);
    for (const polling of pollings) polling[Symbol.dispose]();
  });

  it('asks nothing while nobody waits, and finds later what changed meanwhile', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    using watch = session.watch((notice) => scene.notices.push(notice));
    watch.attend?.({ folders: [contacts], hierarchy: false });
    await scene.look(0);
    watch.attend?.({ folders: [], hierarchy: false });
    const calls = scene.own.server.calls.length;
    await scene.clock.tick(50 * second);
    expect(scene.own.server.calls).to.have.length(calls);
    scene.contacts = [['1', scene.clock.now()]];
    watch.attend?.({ folders: [contacts], hierarchy: false });
    expect((await scene.look(0)).notices).to.deep.equal([{ folderId: contacts.id }]);
  });

  it('asks only for what is newer than the present, however large a folder is', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    using watch = session.watch(() => undefined);
    watch.attend?.({ folders: [contacts], hierarchy: false });
    await scene.look(0);
    const [call] = scene.own.server.callsOf('contacts updates');
    expect(Number(call?.query.get('timestamp'))).to.be.within(scene.clock.now() - 3 * second, scene.clock.now());
  });

  it('tells once of a folder that is refused, and of its return', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    using watch = session.watch((notice) => scene.notices.push(notice));
    watch.attend?.({ folders: [contacts], hierarchy: false });
    await scene.look(0);
    scene.refused = true;
    expect((await scene.look(4 * second)).notices).to.deep.equal([{ folderId: contacts.id }]);
    expect((await scene.look(4 * second)).notices).to.deep.equal([]);
  });

  it('looks at the list of folders now and then, if that is waited for', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    using watch = session.watch((notice) => scene.notices.push(notice));
    watch.attend?.({ folders: [contacts], hierarchy: true });
    expect((await scene.look(0)).notices).to.deep.equal([{ hierarchy: true }]);
    expect((await scene.look(4 * second)).requests).to.deep.equal(['contacts updates']);
    const later = [...(await scene.look(36 * second)).requests, ...(await scene.look(36 * second)).requests];
    expect(later).to.include('multiple multiple');
  });

  it('stops with the last listener', async () => {
    await using scene = await Scene.open();
    using session = await scene.own.login();
    const idle = scene.clock.pending;
    const watches = [session.watch(() => undefined), session.watch(() => undefined)];
    expect(scene.clock.pending).to.be.greaterThan(idle);
    for (const watch of watches) watch[Symbol.dispose]();
    expect(scene.clock.pending).to.equal(idle);
  });
});
