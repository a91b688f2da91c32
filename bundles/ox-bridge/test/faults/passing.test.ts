import { type FolderRef, GroupwareError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { type SandboxBridge, bob, failureOf, sandboxed, scripted, streamOf } from '../support/session';
import { oxError } from '../support/scripted-server';
import { Subject, appointment, options, text } from './subject';

describe('a session that ends in the middle of many calls', () => {
  it('is renewed once, and what was left undone is done, each thing once', async () => {
    await using own = await sandboxed('7.10');
    using session = await own.login();
    const subject = await Subject.of(session);
    const target = await subject.folder();
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) ids.push(await subject.make(subject.contacts, { displayName: text() }));
    const before = await subject.ids(subject.contacts);
    await own.server.turn('expire', { on: 'contacts:update' });
    const results = await session.move(subject.contacts, ids, target, options);
    expect(results.map(({ error }) => error)).to.deep.equal(ids.map(() => undefined));
    expect(await subject.ids(target)).to.have.length(6);
    expect(await subject.ids(subject.contacts)).to.have.length(before.length - 6);
    expect(own.server.sandbox.sessions.size).to.equal(1);
  });

  it('sends again only the parts that were refused', async () => {
    const seen: string[] = [];
    let refused = 0;
    await using own = await scripted({
      'contacts update': ({ query }) => {
        const id = query.get('id') ?? '';
        if (Number(id) >= 3 && refused < 3) {
          refused += 1;
          return oxError('SES-0203', 4);
        }
        seen.push(id);
        return { json: { data: { id }, timestamp: 5 } };
      },
    });
    using session = await own.login();
    const [from, to] = ['31', '32'].map((id): FolderRef => ({ id, itemClass: 'Contacts' })) as [FolderRef, FolderRef];
    const results = await session.move(from, ['1', '2', '3', '4', '5'], to, options);
    expect(results.map(({ id, error }) => [id, error])).to.deep.equal(
      ['1', '2', '3', '4', '5'].map((id) => [id, undefined]),
    );
    expect(seen).to.deep.equal(['1', '2', '3', '4', '5']);
    expect(own.server.callsOf('login login')).to.have.length(2);
    const count = (outcome: string): number | undefined =>
      own.metrics.counts.get(`ox_batched_calls_total{"module":"contacts","action":"update","outcome":"${outcome}"}`);
    expect([count('ok'), count('SES-0203')]).to.deep.equal([5, 3]);
  });

  it('is not renewed twice: a server that takes no session is UNAVAILABLE, each item for itself', async () => {
    await using own = await scripted({ 'contacts update': () => oxError('SES-0203', 4) });
    using session = await own.login();
    const folder = { id: '31', itemClass: 'Contacts' as const };
    const results = await session.move(folder, ['1', '2'], { ...folder, id: '32' }, options);
    expect(results.map(({ error }) => error?.code)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(own.server.callsOf('login login')).to.have.length(2);
  });
});

describe('what a server cannot say just now', () => {
  let own: SandboxBridge;
  let subject: Subject;

  beforeEach(async () => {
    own = await sandboxed('7.10', { 'ox.breaker.failures': 1000 }, { allowFolderSelection: true });
    subject = await Subject.of(await own.login());
  });
  afterEach(async () => {
    subject.session[Symbol.dispose]();
    await own[Symbol.asyncDispose]();
  });

  const meeting = { ...appointment, attendees: [{ address: bob.login, role: 'required', status: 'none' }] } as const;

  it('is not remembered as "nobody has this address": an attendee from inside stays one', async () => {
    await own.server.turn('fail', { code: 'SVL-0019', on: 'contacts:search' });
    const failure = await failureOf(subject.create(subject.calendar, meeting));
    expect(failure).to.be.instanceOf(GroupwareError).and.include({ code: 'UNAVAILABLE' });
    await subject.create(subject.calendar, meeting);
    const stored = own.server.sandbox.contexts
      .open(1)
      .db.value<string>('SELECT participants FROM appointment ORDER BY id DESC LIMIT 1');
    expect((JSON.parse(stored ?? '[]') as { type: number }[]).map(({ type }) => type)).to.deep.equal([1, 1]);
  });

  it('is no deletion: an appointment of a server that fails by itself is not "gone"', async () => {
    const id = await subject.make(subject.calendar, appointment);
    await own.server.turn('fail', { code: 'SVL-0011', on: 'calendar', count: '9' });
    expect(await failureOf(subject.read(subject.calendar, id))).to.include({ code: 'BROKEN_ANSWER' });
    const [deleted] = await subject.session.delete(subject.calendar, [id], { ...options, mode: 'permanent' });
    expect(deleted?.error).to.include({ code: 'BROKEN_ANSWER' });
  });

  it('is no lack of a feature: mail folders are examined again', async () => {
    await own.server.turn('fail', { code: 'SVL-0011', on: 'mail:examine' });
    const { token } = await subject.session.list(subject.inbox, options);
    expect(token.startsWith('|')).to.equal(true);
    expect((await subject.session.list(subject.inbox, options)).token).to.match(/^\d/);
  });

  it('is no error where the mail is out: a copy that could not be removed is told of', async () => {
    await own.server.turn('fail', { code: 'SVL-0019', on: 'mail:delete', count: '9' });
    const source = streamOf(`To: ${bob.login}\r\nSubject: out\r\n\r\nx`);
    const copy = await subject.session.mail?.send(source, { ...options, saveInSent: false });
    expect(copy?.folderId).to.equal(subject.sent.id);
  });
});

describe('a choice of folders that cannot be read', () => {
  it('is no choice of none: the list of folders fails, and devices keep what they have', async () => {
    let isFailing = false;
    await using own = await scripted({
      'config/folder/eas get': () => ({ json: { data: '1' } }),
      'folders allVisible': ({ query }) => {
        const isChoice = query.get('tree') === '20';
        if (isChoice && isFailing && query.get('content_type') === 'contacts') return oxError('SVL-0019', 4);
        const columns = (query.get('columns') ?? '').split(',').map(Number);
        const values: Record<number, unknown> = {
          1: `${query.get('content_type')}-1`,
          20: '1',
          300: 'x',
          305: 403710016,
        };
        return { json: { data: { private: [columns.map((id) => values[id] ?? null)] } } };
      },
    });
    using session = await own.login();
    expect((await session.listFolders(options)).every(({ subscribed }) => subscribed)).to.equal(true);
    isFailing = true;
    expect(await failureOf(session.listFolders(options))).to.include({ code: 'UNAVAILABLE' });
  });
});
