import { type FolderRef, GroupwareError, type GroupwareSession } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { type SandboxBridge, alice, failureOf, sandboxed, signal, streamOf } from '../support/session';

const options = { signal };
const refusals = ['UNAVAILABLE', 'PERMISSION', 'BROKEN_ANSWER'];

/** A fault of the server, and what may come of a call that meets it; undefined: it succeeds all the same. */
interface Fault {
  readonly name: string;
  readonly action: string;
  readonly parameters?: Record<string, string>;
  readonly read: readonly (string | undefined)[];
  readonly write: readonly (string | undefined)[];
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
    read: ['UNAVAILABLE'],
    write: ['UNAVAILABLE'],
  },
  {
    name: 'status 429',
    action: 'status',
    parameters: { status: '429' },
    read: ['UNAVAILABLE'],
    write: ['UNAVAILABLE'],
  },
  { name: 'status 403', action: 'status', parameters: { status: '403' }, read: [undefined], write: [undefined] },
  // The connection breaks when the call has been run: reading is done again, writing is not.
  { name: 'a connection cut half-way', action: 'drop', read: [undefined], write: ['UNAVAILABLE'] },
  { name: 'expired sessions', action: 'expire', read: [undefined], write: [undefined] },
];

interface Subject {
  readonly session: GroupwareSession;
  readonly folder: FolderRef & { itemClass: 'Contacts' };
  readonly inbox: FolderRef & { itemClass: 'Email' };
  readonly sent: FolderRef & { itemClass: 'Email' };
  readonly id: string;
}

interface Operation {
  /** Module or `module:action` that the fault concerns. */
  readonly on: string;
  readonly writes: boolean;
  run(subject: Subject): Promise<unknown>;
  /** How many objects the operation has made. */
  made?(subject: Subject): Promise<number>;
}

const name = (): string => crypto.randomUUID();
const itemsOf = async (subject: Subject, folder: FolderRef): Promise<number> =>
  (await subject.session.list(folder, options)).items.length;

const operations: Readonly<Record<string, Operation>> = {
  'listing contacts': {
    on: 'contacts:all',
    writes: false,
    run: ({ session, folder }) => session.list(folder, options),
  },
  'reading contacts': {
    on: 'contacts:list',
    writes: false,
    run: async ({ session, folder, id }) => {
      const [found] = await session.read(folder, [id], options);
      if (found?.error) throw found.error;
    },
  },
  'changes of contacts': {
    on: 'contacts:updates',
    writes: false,
    run: ({ session, folder }) => session.changes(folder, '1', options),
  },
  'listing folders': { on: 'multiple', writes: false, run: ({ session }) => session.listFolders(options) },
  'listing mails': { on: 'mail:all', writes: false, run: ({ session, inbox }) => session.list(inbox, options) },
  'creating a contact': {
    on: 'contacts:new',
    writes: true,
    run: ({ session, folder }) => session.create(folder, { displayName: name() }, { ...options, key: name() }),
    made: (subject) => itemsOf(subject, subject.folder),
  },
  'changing a contact': {
    on: 'contacts:update',
    writes: true,
    run: ({ session, folder, id }) => session.patch(folder, id, { displayName: name() }, options),
  },
  'storing a mail': {
    on: 'mail',
    writes: true,
    run: async ({ session, inbox }) =>
      session.mail?.createFromSource(inbox, streamOf('Subject: stored\r\n\r\nx'), options),
    made: (subject) => itemsOf(subject, subject.inbox),
  },
  'sending a mail': {
    on: 'mail:new',
    writes: true,
    run: async ({ session }) =>
      session.mail?.send(streamOf(`To: ${alice.login}\r\nSubject: sent\r\n\r\nx`), { ...options, saveInSent: true }),
    made: (subject) => itemsOf(subject, subject.sent),
  },
};

describe('faults of the server', () => {
  let own: SandboxBridge;
  let subject: Subject;

  before(async () => {
    own = await sandboxed('7.10', { 'ox.breaker.failures': 1000 });
    const session = await own.login();
    const folders = await session.listFolders(options);
    const byRole = (role: string): FolderRef => {
      const folder = folders.find((one) => one.role === role);
      if (!folder) throw new Error(`no folder for ${role}`);
      return folder;
    };
    const folder = { ...byRole('contacts'), itemClass: 'Contacts' as const };
    const { id } = await session.create(folder, { displayName: 'Somebody' }, { ...options, key: name() });
    const mail = (role: string) => ({ ...byRole(role), itemClass: 'Email' as const });
    subject = { session, folder, inbox: mail('inbox'), sent: mail('sent'), id };
  });
  after(async () => {
    subject.session[Symbol.dispose]();
    await own[Symbol.asyncDispose]();
  });

  for (const [what, operation] of Object.entries(operations))
    for (const fault of faults)
      it(`${what} with ${fault.name}: a typed error or the right result, and nothing twice`, async () => {
        const before = (await operation.made?.(subject)) ?? 0;
        await own.server.turn(fault.action, { ...fault.parameters, on: operation.on });
        const error = await failureOf(operation.run(subject));
        await own.server.turn('reset');
        if (error !== undefined) expect(error).to.be.instanceOf(GroupwareError);
        const code = (error as GroupwareError | undefined)?.code;
        const streamed = what.endsWith('a mail');
        // What is sent as a stream can not be sent again after another login.
        const expected = operation.writes ? fault.write : fault.read;
        expect(streamed ? [...expected, 'UNAVAILABLE'] : expected).to.include(code);
        const made = ((await operation.made?.(subject)) ?? 0) - before;
        if (operation.made) expect(made).to.be.within(code === undefined ? 1 : 0, 1);
        expect(own.server.sandbox.sessions.size).to.equal(1);
      });

  it('a server that is down is UNAVAILABLE, and back by itself', async () => {
    await own.server.turn('down');
    const error = await failureOf(subject.session.list(subject.folder, options));
    expect(error).to.be.instanceOf(GroupwareError).and.include({ code: 'UNAVAILABLE', retryable: true });
    await own.server.turn('up');
    expect((await subject.session.list(subject.folder, options)).items.length).to.be.greaterThan(0);
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
    const { id } = await session.create(contacts, contact, { ...options, key: name() });
    await own.server.turn('fail', { code: 'SVL-0011', on: 'contacts:list' });
    for (let round = 0; round < 2; round++) {
      const [found] = await session.read(contacts, [id], options);
      expect(found).to.have.nested.property('item.yomiFirstName', contact.yomiFirstName);
    }
  });
});
