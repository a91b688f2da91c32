import { type FolderRef, GroupwareError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { type SandboxBridge, failureOf, sandboxed, streamOf } from '../support/session';
import { type Operation, operations } from './operations';
import { Subject, options, text } from './subject';

const refusals = ['UNAVAILABLE', 'PERMISSION', 'BROKEN_ANSWER'];

/** A fault of the server, and what may come of a call that meets it; undefined: it succeeds all the same. */
interface Fault {
  readonly name: string;
  readonly action: string;
  readonly parameters?: Record<string, string>;
  readonly read: readonly (string | undefined)[];
  readonly write: readonly (string | undefined)[];
  /** Of whole requests only: a part of `multiple` meets it with all others. */
  readonly isOfRequest?: true;
}

const faults: readonly Fault[] = [
  { name: 'a delay', action: 'delay', parameters: { milliseconds: '30' }, read: [undefined], write: [undefined] },
  {
    name: 'a refusal',
    action: 'fail',
    parameters: { code: 'SVL-0011' },
    read: [undefined, ...refusals],
    write: refusals,
  },
  {
    name: 'an overload',
    action: 'fail',
    parameters: { code: 'SVL-0019' },
    read: ['UNAVAILABLE'],
    write: ['UNAVAILABLE'],
  },
  { name: 'a lost session', action: 'fail', parameters: { code: 'SES-0203' }, read: [undefined], write: [undefined] },
  {
    name: 'status 503',
    action: 'status',
    parameters: { status: '503' },
    isOfRequest: true,
    read: ['UNAVAILABLE'],
    write: ['UNAVAILABLE'],
  },
  {
    name: 'status 429',
    action: 'status',
    parameters: { status: '429' },
    isOfRequest: true,
    read: ['UNAVAILABLE'],
    write: ['UNAVAILABLE'],
  },
  {
    name: 'status 403',
    action: 'status',
    parameters: { status: '403' },
    isOfRequest: true,
    read: [undefined],
    write: [undefined],
  },
  // The connection breaks when the call has been run: reading is done again, writing is not.
  { name: 'a connection cut half-way', action: 'drop', isOfRequest: true, read: [undefined], write: ['UNAVAILABLE'] },
  { name: 'a session that ends just then', action: 'expire', read: [undefined], write: [undefined] },
];

/** Where a fault meets the operation's call. */
function placeOf(fault: Fault, operation: Operation): string {
  return operation.isPart && fault.isOfRequest ? 'multiple' : operation.on;
}

/** What may come of it. */
function outcomes(fault: Fault, { writes, isStream }: Operation): readonly (string | undefined)[] {
  const expected = writes ? fault.write : fault.read;
  // What is sent as a stream can not be sent again after another login.
  return isStream ? [...expected, 'UNAVAILABLE'] : expected;
}

describe('faults of the server', () => {
  let own: SandboxBridge;
  let subject: Subject;

  before(async () => {
    own = await sandboxed('7.10', { 'ox.breaker.failures': 1_000_000 });
    subject = await Subject.of(await own.login());
  });
  after(async () => {
    subject.session[Symbol.dispose]();
    await own[Symbol.asyncDispose]();
  });

  for (const [what, operation] of Object.entries(operations))
    for (const fault of faults)
      it(`${what} with ${fault.name}: a typed error or the right result, and nothing twice`, async () => {
        const id = (await operation.prepare?.(subject)) ?? '';
        const place = operation.writes?.in?.(subject);
        const before = place ? await subject.ids(place) : [];
        await own.server.turn(fault.action, { ...fault.parameters, on: placeOf(fault, operation) });
        const error = await failureOf(Promise.resolve(operation.run(subject, id)));
        expect(await own.server.turn('reset'), 'the fault was met').to.deep.equal({ faults: 0 });
        if (error !== undefined) expect(error).to.be.instanceOf(GroupwareError);
        const code = (error as GroupwareError | undefined)?.code;
        expect(outcomes(fault, operation)).to.include(code);
        if (place)
          expect((await subject.ids(place)).length - before.length).to.be.within(code === undefined ? 1 : 0, 1);
        if (operation.writes && code === undefined)
          expect(await operation.writes.isDone(subject, id), 'it is done').to.equal(true);
        expect(own.server.sandbox.sessions.size).to.equal(1);
      });

  it('a server that is down is UNAVAILABLE, and back by itself', async () => {
    await own.server.turn('down');
    const error = await failureOf(subject.session.list(subject.contacts, options));
    expect(error).to.be.instanceOf(GroupwareError).and.include({ code: 'UNAVAILABLE', retryable: true });
    await own.server.turn('up');
    expect((await subject.session.list(subject.contacts, options)).items.length).to.be.greaterThan(0);
  });
});

describe('a mailbox that is full', () => {
  it('is told of with how full it is, and nothing is stored', async () => {
    const limit = 2_000_000;
    await using own = await sandboxed('7.10', {}, { mailQuota: limit });
    using session = await own.login();
    const folder = (await session.listFolders(options)).find(({ role }) => role === 'inbox') as FolderRef;
    const before = (await session.list(folder, options)).items.length;
    const large = `Subject: large\r\n\r\n${'x'.repeat(limit)}`;
    const storing = session.mail?.createFromSource(folder, streamOf(large), options) ?? Promise.resolve();
    const failure = (await failureOf(storing)) as GroupwareError;
    expect(failure).to.include({ code: 'QUOTA' });
    expect(failure.backend).to.include({ code: 'MSG-0117', quota: limit });
    expect(failure.message).to.equal(
      `the mailbox is full: ${String(failure.backend['use'])} of ${limit} bytes are used`,
    );
    expect((await session.list(folder, options)).items).to.have.length(before);
  });
});

describe('a server that fails once', () => {
  it('is not taken for one that lacks columns', async () => {
    await using own = await sandboxed('7.10');
    using session = await own.login();
    const folder = (await session.listFolders(options)).find(({ role }) => role === 'contacts');
    if (!folder) throw new Error('no folder for contacts');
    const contacts = { id: folder.id, itemClass: 'Contacts' as const };
    const contact = { displayName: 'Somebody', yomiFirstName: 'サムバディ' };
    const { id } = await session.create(contacts, contact, { ...options, key: text() });
    await own.server.turn('fail', { code: 'SVL-0011', on: 'contacts:list' });
    for (let round = 0; round < 2; round++) {
      const [found] = await session.read(contacts, [id], options);
      expect(found).to.have.nested.property('item.yomiFirstName', contact.yomiFirstName);
    }
  });
});
