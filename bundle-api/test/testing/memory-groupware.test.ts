import { expect } from 'chai';
import { GroupwareError, isOxtenderError } from '../../src';
import { MemoryGroupware } from '../../src/testing';

const { signal } = new AbortController();
const credentials = { login: 'anna@example.org', password: 'secret' };

describe('MemoryGroupware', () => {
  it('tells a delta with tombstones, then nothing', async () => {
    const groupware = new MemoryGroupware();
    const anna = groupware.addUser({ login: 'anna@example.org' });
    const folder = { id: anna.folder('contacts').id, itemClass: 'Contacts' as const };
    const gone = anna.put(folder.id, { displayName: 'Gone' });
    using session = await groupware.login(credentials, { signal });
    const { token, items } = await session.list(folder, { signal });
    expect(items.map(({ id }) => id)).to.deep.equal([gone]);
    anna.remove(folder.id, gone);
    const id = anna.put(folder.id, { displayName: 'New' });
    const delta = await session.changes(folder, token, { signal });
    expect(delta).to.deep.include({ kind: 'delta', deleted: [gone] });
    expect(delta.kind === 'delta' && delta.changed.map(({ id: one, item }) => [one, item])).to.deep.equal([
      [id, { displayName: 'New' }],
    ]);
    expect(await session.changes(folder, delta.token, { signal })).to.include({ kind: 'none' });
  });

  it('loses the answer of a call that did its work, when told so', async () => {
    const groupware = new MemoryGroupware();
    const anna = groupware.addUser({ login: 'anna@example.org' });
    const folder = { id: anna.folder('tasks').id, itemClass: 'Tasks' as const };
    using session = await groupware.login(credentials, { signal });
    groupware.faults.fail('create', new GroupwareError('UNAVAILABLE', 'gone'), { moment: 'after' });
    const failure = await session.create(folder, { title: 'Once' }, { signal, key: 'k1' }).catch((e: unknown) => e);
    expect(isOxtenderError(failure, 'UNAVAILABLE')).to.equal(true);
    const found = await session.findCreated(folder, 'k1', { signal });
    expect(anna.items(folder.id).map(({ id }) => id)).to.deep.equal([found?.id]);
  });

  it('delivers what a user sends to another, without Bcc', async () => {
    const groupware = new MemoryGroupware();
    groupware.addUser({ login: 'anna@example.org' });
    const bob = groupware.addUser({ login: 'bob@example.org' });
    using session = await groupware.login(credentials, { signal });
    const source = 'From: anna@example.org\r\nBcc: bob@example.org\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHi';
    const sent = await session.mail?.send(stream(source), { signal, saveInSent: true });
    expect(sent?.folderId).to.equal('default0/Sent');
    const [mail] = bob.items(bob.folder('inbox').id);
    expect(mail?.item).to.deep.include({ subject: 'Grüße', from: [{ address: 'anna@example.org' }], read: false });
    expect(mail?.item).to.not.have.property('bcc');
  });

  it('announces a change to every user who sees the folder', async () => {
    const groupware = new MemoryGroupware();
    const bob = groupware.addUser({ login: 'bob@example.org' });
    groupware.addUser({ login: 'anna@example.org' });
    const { id } = bob.folder('calendar');
    bob.share(id, 'anna@example.org');
    using session = await groupware.login(credentials, { signal });
    const heard: unknown[] = [];
    const watch = session.watch((notice) => heard.push(notice));
    bob.put(id, { title: 'Meeting', start: 0, end: 1, allDay: false });
    watch[Symbol.dispose]();
    bob.put(id, { title: 'Unheard', start: 0, end: 1, allDay: false });
    expect(heard).to.deep.equal([{ folderId: id }]);
  });
});

async function* stream(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text, 'utf8'));
}
