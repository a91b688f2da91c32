import { DisposableStore } from '@oxtender/bundle-api';
import {
  AirSync,
  AirSyncBase,
  type Element,
  Email2,
  Find,
  ItemOperations,
  ResolveRecipients,
  Search,
  Settings,
  element,
} from '@oxtender/eas';
import {
  type Answer,
  Device,
  fetchItem,
  find,
  profiles,
  resolve,
  search,
  setOutOfOffice,
  settings,
  smartMail,
} from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { OxClient } from './support/ox-client';
import { Person } from './support/person';

const alice = { user: 'alice@example.com', password: 'secret' };

/** All elements with this tag, in document order. */
function all(root: Element | undefined, tag: Element['tag']): Element[] {
  if (!root) return [];
  return [...(root.tag === tag ? [root] : []), ...root.children.flatMap((child) => all(child, tag))];
}
const texts = ({ element: root }: Answer, tag: Element['tag']) => all(root, tag).map(({ text }) => text);

/** [MS-ASCMD] "MultiPartResponse": a count, then offset and length of each part, little-endian. */
function partsOf(body: Buffer): Buffer[] {
  return Array.from({ length: body.readUInt32LE(0) }, (_, index) => {
    const offset = body.readUInt32LE(4 + 8 * index);
    return body.subarray(offset, offset + body.readUInt32LE(8 + 8 * index));
  });
}

describe('looking things up on the real host', function () {
  this.timeout(120_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;

  /** Knows the folders. */
  const deviceWith = async (profile: (typeof profiles)[keyof typeof profiles], id: string): Promise<Device> => {
    const device = new Device({ url: host.url, ...alice }, profile, id);
    cleanUp.add(device);
    await device.options();
    await device.provision();
    await device.folderSync();
    return device;
  };

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });

  after(() => cleanUp.dispose());

  it('a mail that was searched for can be fetched and answered', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUP1');
    const found = await search(device, { store: 'Mailbox', text: 'minutes', range: '0-9' });
    const [longId = ''] = texts(found, Search.LongId);
    expect(texts(found, Search.Total)).to.deep.equal([String(texts(found, Search.LongId).length)]);
    const fetched = await fetchItem(device, { longId });
    expect(texts(fetched, ItemOperations.Status)).to.deep.equal(['1', '1']);
    expect(texts(fetched, AirSyncBase.Data)[0]).to.be.a('string').and.not.equal('');
    const mime = Buffer.from(`From: ${alice.user}\r\nTo: bob@example.com\r\nSubject: Re: found\r\n\r\nThanks\r\n`);
    expect(await smartMail(device, 'SmartReply', { longId }, { mime, saveInSent: true })).to.deep.equal({ http: 200 });
    const sent = await search(device, { store: 'Mailbox', text: 'subject:found' });
    expect(texts(sent, Search.Total)).to.deep.equal(['1']);
  });

  it('Find names mails by ServerIds that can be fetched', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUP2');
    const found = await find(device, { store: 'Mailbox', text: 'from:bob', range: '0-0' });
    expect(texts(found, Find.Status)).to.deep.equal(['1', '1']);
    const [serverId = ''] = texts(found, AirSync.ServerId);
    expect(texts(await fetchItem(device, { serverId }), AirSync.ServerId)).to.deep.equal([serverId]);
    const people = await find(device, { store: 'GAL', text: 'bob' });
    expect(texts(people, Find.Total)).to.deep.equal(['1']);
  });

  it('mails of a conversation go where the user wants them, those that come later too', async () => {
    const person = await Person.arrive(host.url, alice.user, profiles.ios, 'LOOKUP9');
    cleanUp.add(person);
    const { device, inbox } = person;
    const mail = (id: string, ...more: string[]) =>
      [
        ...['From: bob@example.com', `To: ${alice.user}`, 'Subject: Endless talk', `Message-ID: <${id}@talk.test>`],
        ...[`Date: ${new Date().toUTCString().replace('GMT', '+0000')}`, ...more, '', 'Words', ''],
      ].join('\r\n');
    await person.receive(mail('one'));
    await device.syncAll(inbox);
    const [first] = person.mails('Endless talk');
    const content = first?.data.child(Email2.ConversationId)?.content;
    const conversation = content instanceof Uint8Array ? content : Buffer.alloc(0);
    const trash = device.folderOfType(4);
    await device.syncAll(trash);
    const answer = await device.send(
      'ItemOperations',
      element(
        ItemOperations.ItemOperations,
        element(
          ItemOperations.Move,
          element(ItemOperations.ConversationId, conversation),
          element(ItemOperations.DstFldId, trash.serverId),
          element(ItemOperations.Options, element(ItemOperations.MoveAlways)),
        ),
      ),
    );
    expect(texts(answer, ItemOperations.Status)).to.deep.equal(['1', '1']);
    await person.receive(mail('two', 'In-Reply-To: <one@talk.test>', 'References: <one@talk.test>'));
    await device.syncAll(inbox);
    await device.syncAll(inbox);
    await device.syncAll(trash);
    const inTrash = (await person.ox.call('mail', 'all', { folder: 'default0/Trash', columns: '607' })).data as [
      string,
    ][];
    expect(inTrash.filter(([subject]) => subject === 'Endless talk')).to.have.length(2);
    expect(person.mails('Endless talk').filter(({ serverId }) => serverId !== first?.serverId)).to.deep.equal([]);
  });

  it('people are found and resolved, with their free times from 14.0 on', async () => {
    const device = await deviceWith(profiles.samsung, 'LOOKUP3');
    expect(texts(await search(device, { store: 'GAL', text: 'bob' }), Search.Total)).to.deep.equal(['1']);
    const range = { start: '2026-11-23T08:00:00.000Z', end: '2026-11-23T18:00:00.000Z' };
    const resolved = await resolve(device, ['bob', 'nobody here'], range);
    expect(texts(resolved, ResolveRecipients.EmailAddress)).to.deep.equal(['bob@example.com']);
    expect(texts(resolved, ResolveRecipients.MergedFreeBusy)[0]).to.match(/^[0-4]{20}$/);
    const old = await deviceWith(profiles.nokia, 'LOOKUP4');
    expect(texts(await resolve(old, ['bob'], range), ResolveRecipients.Status)).to.deep.equal(['5']);
  });

  it('a room is shown as taken', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUPROOM');
    const ox = await OxClient.login(host.url, alice.user);
    const rooms = (await ox.call('resource', 'search', {}, { pattern: 'elbe' })).data as { id: number }[];
    const start = Date.UTC(2026, 10, 24, 9);
    await ox.call(
      'calendar',
      'new',
      {},
      {
        ...{ folder_id: await ox.folder('calendar'), title: 'Booked', ignore_conflicts: true },
        ...{ start_date: start, end_date: start + 3_600_000, participants: [{ id: rooms[0]?.id, type: 3 }] },
      },
    );
    const range = { start: '2026-11-24T08:30:00.000Z', end: '2026-11-24T10:30:00.000Z' };
    const resolved = await resolve(device, ['elbe@example.com', 'bob@example.com'], range);
    expect(texts(resolved, ResolveRecipients.MergedFreeBusy)[0]).to.equal('0220');
  });

  it('a notice for those inside alone stays so', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUPIN');
    const message = (audience: Element['tag'], enabled: number, ...more: Element[]) =>
      element(Settings.OofMessage, element(audience), element(Settings.Enabled, enabled), ...more);
    const words = [element(Settings.ReplyMessage, 'Inside'), element(Settings.BodyType, 'Text')];
    const set = element(
      Settings.Set,
      element(Settings.OofState, 1),
      message(Settings.AppliesToInternal, 1, ...words),
      message(Settings.AppliesToExternalKnown, 0),
      message(Settings.AppliesToExternalUnknown, 0),
    );
    await device.send('Settings', element(Settings.Settings, element(Settings.Oof, set)));
    const shown = await settings(await deviceWith(profiles.samsung, 'LOOKUPIN2'));
    expect(texts(shown, Settings.Enabled)).to.deep.equal(['1', '0', '0']);
    expect(texts(shown, Settings.ReplyMessage)).to.deep.equal(['Inside']);
    await setOutOfOffice(device, {});
  });

  it('an absence notice reaches the mail filter and comes back to another device', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUP5');
    expect(texts(await setOutOfOffice(device, { message: 'I am away' }), Settings.Status)).to.deep.equal(['1', '1']);
    const other = await deviceWith(profiles.samsung, 'LOOKUP6');
    const shown = await settings(other);
    expect(texts(shown, Settings.OofState)).to.deep.equal(['1']);
    expect(new Set(texts(shown, Settings.ReplyMessage))).to.deep.equal(new Set(['I am away']));
    await setOutOfOffice(device, {});
    expect(texts(await settings(other), Settings.OofState)).to.deep.equal(['0']);
  });

  it('an attachment comes whole, in part, and beside the document', async () => {
    const device = await deviceWith(profiles.ios, 'LOOKUP7');
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    const reference = [...device.collection(inbox).items.values()].flatMap((item) =>
      all(item, AirSyncBase.FileReference),
    )[0]?.text;
    if (reference === undefined) throw new Error('the demonstration has no mail with a file');
    const [whole = ''] = texts(await fetchItem(device, { fileReference: reference }), ItemOperations.Data);
    const bytes = Buffer.from(whole, 'base64');
    const request = element(
      ItemOperations.ItemOperations,
      element(
        ItemOperations.Fetch,
        element(ItemOperations.Store, 'Mailbox'),
        element(AirSyncBase.FileReference, reference),
        element(ItemOperations.Options, element(ItemOperations.Range, '1-4')),
      ),
    );
    const part = await device.send('ItemOperations', request);
    expect(texts(part, ItemOperations.Range)).to.deep.equal(['1-4']);
    expect(Buffer.from(texts(part, ItemOperations.Data)[0] ?? '', 'base64')).to.deep.equal(bytes.subarray(1, 5));
    const beside = await device.send('ItemOperations', request, { acceptMultiPart: true });
    expect(beside.headers['content-type']).to.equal('application/vnd.ms-sync.multipart');
    expect(partsOf(beside.body)[1]).to.deep.equal(bytes.subarray(1, 5));
    const old = await deviceWith(profiles.nokia, 'LOOKUP8');
    await old.syncAll(old.folderOfType(2));
    const attachment = await old.send('GetAttachment', undefined, { parameters: { AttachmentName: reference } });
    expect(attachment.status).to.equal(200);
    expect(Buffer.from(attachment.body)).to.deep.equal(bytes);
  });
});
