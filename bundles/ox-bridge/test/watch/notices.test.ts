import type { ChangeNotice, FolderRef, GroupwareSession } from '@oxtender/bundle-api';
import { type SandboxBridge, alice, bob, sandboxed, signal, streamOf } from '../support/session';

/** So long that whatever is heard was not found by asking. */
const never = { 'ox.watch.interval': 3_600_000, 'ox.watch.idle_interval': 3_600_000 };

const options = { signal };

async function folderOf(session: GroupwareSession, role: string): Promise<FolderRef> {
  const folder = (await session.listFolders(options)).find((one) => one.role === role);
  if (!folder) throw new Error(`no folder for ${role}`);
  return folder;
}

/** The next notice that is about a folder, once the first look is over. */
async function listen(session: GroupwareSession, folder: FolderRef): Promise<Disposable & { next(): Promise<void> }> {
  let heard: (() => void) | undefined;
  let count = 0;
  const watch = session.watch(({ folderId }: ChangeNotice) => {
    if (folderId !== folder.id) return;
    count += 1;
    heard?.();
  });
  const next = async (): Promise<void> => {
    while (count === 0) await new Promise<void>((resolve) => (heard = resolve));
    count = 0;
  };
  watch.attend?.({ folders: [folder], hierarchy: false });
  await next();
  return { next, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

describe('notices of changes', () => {
  let own: SandboxBridge;
  before(async () => {
    own = await sandboxed('7.10', { ...never, 'ox.watch.mode': 'auto' }, { pushDelay: 0 });
  });
  after(() => own[Symbol.asyncDispose]());

  it('come at once for what another session of the user writes', async () => {
    using waiting = await own.login();
    using writing = await own.login();
    const folder = { ...(await folderOf(waiting, 'contacts')), itemClass: 'Contacts' as const };
    using heard = await listen(waiting, folder);
    const { id } = await writing.create(folder, { displayName: 'Neu' }, { ...options, key: crypto.randomUUID() });
    await heard.next();
    await writing.patch(folder, id, { displayName: 'Alt' }, options);
    await heard.next();
    await writing.delete(folder, [id], { ...options, mode: 'permanent' });
    await heard.next();
  });

  it('come at once for what another user writes into a shared folder', async () => {
    using waiting = await own.login(alice);
    using writing = await own.login(bob);
    const theirs = new Set((await waiting.listFolders(options)).map(({ id }) => id));
    const folder = (await writing.listFolders(options)).find(
      ({ id, itemClass, rights }) => theirs.has(id) && itemClass !== 'Email' && rights.createItems,
    );
    if (!folder) throw new Error('the demonstration has no folder that both write to');
    using heard = await listen(waiting, folder);
    await writing.create({ ...folder, itemClass: folder.itemClass as 'Contacts' }, sampleOf(folder), {
      ...options,
      key: crypto.randomUUID(),
    });
    await heard.next();
  });

  it('come by web socket for mail that arrives', async () => {
    using waiting = await own.login(alice);
    using writing = await own.login(bob);
    using heard = await listen(waiting, await folderOf(waiting, 'inbox'));
    const source = 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: Push\r\n\r\nText';
    await untilHeard(heard, async () => {
      await writing.mail?.send(streamOf(source), { ...options, saveInSent: false });
    });
  });

  it('come by web socket for appointments that others make', async () => {
    using waiting = await own.login(alice);
    using writing = await own.login(bob);
    using heard = await listen(waiting, await folderOf(waiting, 'calendar'));
    const calendar = { ...(await folderOf(writing, 'calendar')), itemClass: 'Calendar' as const };
    const attendees = [{ address: alice.login, role: 'required', status: 'none' }] as const;
    const times = { start: Date.UTC(2031, 4, 5, 9), end: Date.UTC(2031, 4, 5, 10), allDay: false };
    await untilHeard(heard, async () => {
      const meeting = { title: 'Meeting', ...times, attendees };
      await writing.create(calendar, meeting, { ...options, key: crypto.randomUUID(), notify: true });
    });
  });
});

describe('notices of changes, where OX has no web socket', () => {
  it('are found by asking', async () => {
    const eager = { 'ox.watch.mode': 'auto', 'ox.watch.interval': 40, 'ox.watch.idle_interval': 40 } as const;
    await using own = await sandboxed('7.10', eager, { webSocket: false });
    using waiting = await own.login(alice);
    using writing = await own.login(bob);
    using heard = await listen(waiting, await folderOf(waiting, 'inbox'));
    const source = 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: Poll\r\n\r\nText';
    await writing.mail?.send(streamOf(source), { ...options, saveInSent: false });
    await heard.next();
  });
});

/** The socket may still be connecting: what happens before goes unheard, so it happens until it is heard. */
async function untilHeard(notices: { next(): Promise<void> }, happen: () => Promise<void>): Promise<void> {
  const heard = notices.next().then(() => true);
  while (!(await Promise.race([heard, happen().then(() => false)])));
}

function sampleOf({ itemClass }: FolderRef): { displayName: string } {
  const item =
    itemClass === 'Contacts' ? { displayName: 'Neu' } : { title: 'Neu', start: 0, end: 3_600_000, allDay: false };
  return item as { displayName: string };
}
