import type { SyncFolder, SyncSession } from '@oxtender/bundle-api';
import { MemoryGroupware } from '@oxtender/bundle-api/testing';
import { ScriptedSession } from '../commands/scripted-call';

const signal = new AbortController().signal;
const utc = Date.UTC;

/** A file of one pixel. */
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==', 'base64');

/** A mail with a file. */
export const mailWithFile = [
  'From: Bob Smith <bob@example.com>',
  'To: Anna Miller <anna@example.com>',
  'Date: Fri, 23 Oct 2026 08:00:00 +0000',
  'Message-ID: <f1@example.com>',
  'Subject: The plan',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Here it is.',
  '--b',
  'Content-Type: text/csv; charset=utf-8',
  'Content-Disposition: attachment; filename=plan.csv',
  '',
  'day,hour',
  '--b--',
  '',
].join('\r\n');

/**
 * Anna's account with mails in three folders, an address list, appointments of others, and nobody who changes any of it.
 *
 * @param extraMails - sources of more mails in the inbox
 */
export async function lookupSession(...extraMails: readonly string[]): Promise<ScriptedSession> {
  const groupware = new MemoryGroupware();
  const anna = groupware.addUser({
    login: 'anna@example.com',
    displayName: 'Anna Miller',
    timeZone: 'Europe/Berlin',
    entry: { firstName: 'Anna', lastName: 'Miller' },
  });
  const bob = groupware.addUser({
    login: 'bob@example.com',
    displayName: 'Bob Smith',
    entry: {
      firstName: 'Bob',
      lastName: 'Smith',
      title: 'Engineer',
      company: 'Example GmbH',
      office: 'Room 7',
      businessPhone: '+49 221 5550100',
      homePhone: '+49 221 5550101',
      mobilePhone: '+49 170 5550102',
      alias: 'bob',
    },
    picture: { contentType: 'image/png', data: picture },
    certificates: [Buffer.from('3003020101', 'hex')],
  });
  groupware.addUser({ login: 'barbara@example.com', displayName: 'Barbara Smithson' });
  groupware.addGroup({ displayName: 'Board', members: ['anna@example.com', 'bob@example.com'] });
  anna.put(anna.folder('contacts').id, { displayName: 'Bobby Tables', email1: 'bobby@example.org' });
  bob.put(bob.folder('calendar').id, {
    title: 'Busy',
    start: utc(2026, 10, 23, 9),
    end: utc(2026, 10, 23, 10),
    allDay: false,
    timeZone: 'UTC',
  });
  bob.put(bob.folder('calendar').id, {
    title: 'Perhaps',
    start: utc(2026, 10, 23, 10, 15),
    end: utc(2026, 10, 23, 10, 45),
    allDay: false,
    timeZone: 'UTC',
    busyStatus: 'tentative',
  });
  const archive = anna.addFolder({ name: 'Archive', itemClass: 'Email', parentId: anna.folder('inbox').id });
  await deliverMails(anna, archive.id);
  for (const mail of extraMails) await anna.deliver(mail);

  const session = await groupware.login({ login: 'anna@example.com', password: 'secret' }, { signal });
  const all = await session.listFolders({ signal });
  const collectionIds = new Map(all.map(({ id }, index) => [id, `F${index + 1}`]));
  const folders: SyncFolder[] = all.map((folder) => ({
    ...folder,
    collectionId: collectionIds.get(folder.id) ?? '',
    ...(folder.parentId !== undefined && { parentCollectionId: collectionIds.get(folder.parentId) ?? '' }),
  }));
  const scripted = new ScriptedSession();
  scripted.more = { ...lookups(folders, session), groupware: session };
  return scripted;
}

async function deliverMails(account: ReturnType<MemoryGroupware['addUser']>, archive: string): Promise<void> {
  const to = [{ name: 'Anna Miller', address: 'anna@example.com' }];
  const bob = [{ name: 'Bob Smith', address: 'bob@example.com' }];
  const minutes = { subject: 'Minutes', from: bob, to, messageId: '<m1@example.com>' };
  const body = (content: string) => ({ bodies: [{ format: 'text', content }] as const });
  await account.deliver({ ...minutes, ...body('The minutes of Monday.'), receivedAt: utc(2026, 10, 20, 8), read: true }, archive);
  const reply = { subject: 'Re: Minutes', from: bob, to, messageId: '<m2@example.com>', references: ['<m1@example.com>'] };
  await account.deliver({ ...reply, ...body('Thank you, Anna.'), receivedAt: utc(2026, 10, 22, 8), read: false });
  await account.deliver({
    subject: 'Invoice 2026-11',
    from: [{ address: 'billing@example.org' }],
    to,
    cc: bob,
    messageId: '<i1@example.org>',
    importance: 'high',
    receivedAt: utc(2026, 10, 21, 8),
    read: false,
    ...body('Please pay before Friday. https://example.org/pay'),
  });
}

/** Ids of items on the device are those of the groupware behind the collection's. */
function lookups(folders: readonly SyncFolder[], groupware: SyncSession['groupware']): Partial<SyncSession> {
  const placeOf = (serverId: string) => {
    const [collectionId = '', itemId = ''] = serverId.split(':');
    const folder = folders.find((one) => one.collectionId === collectionId);
    return folder && { folder, itemId };
  };
  return {
    folders: () => Promise.resolve(folders),
    serverIdOf: (collectionId, itemId) => Promise.resolve(`${collectionId}:${itemId}`),
    locate: (serverId) => Promise.resolve(placeOf(serverId)),
    fetch: (serverIds, options) =>
      Promise.all(
        serverIds.map(async (serverId) => {
          const place = placeOf(serverId);
          if (!place) throw new Error(`nobody was told of ${serverId}`);
          const [result] = await groupware.read(place.folder, [place.itemId], options);
          if (!result) throw new Error('read answered nothing');
          if (result.error) return { serverId, error: result.error };
          return { serverId, itemClass: place.folder.itemClass, item: result.item };
        }),
      ),
    move: async (moves) =>
      Promise.all(
        moves.map(async ({ serverId, target }) => {
          const place = placeOf(serverId);
          const to = folders.find(({ collectionId }) => collectionId === target);
          if (!place) return { status: 'not-found' as const };
          if (!to) return { status: 'bad-target' as const };
          const [result] = await groupware.move(place.folder, [place.itemId], to, { signal });
          if (!result || result.error) return { status: 'not-found' as const };
          return { status: 'done' as const, serverId: `${target}:${result.moved.id}` };
        }),
      ),
  };
}
