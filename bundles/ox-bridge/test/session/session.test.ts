import { inspect } from 'node:util';
import type { FolderRef } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { SandboxServer, bridgeTo } from '../support/sandbox';
import { oxError } from '../support/scripted-server';
import { type ScriptedBridge, alice, anna, failureOf, sandboxed, scripted, signal } from '../support/session';

const contacts = { id: '31', itemClass: 'Contacts' as const };
const options = { signal };
const minute = 60_000;

/** Codes that mean that the session is gone and the call was not run, and those that mean something else. */
const lost = ['SES-0009', 'SES-0201', 'SES-0203', 'SES-0205', 'SES-0206', 'SES-0210', 'SES-0212', 'SVL-0002'];
const kept = [
  ['SES-0001', 'UNAVAILABLE'],
  ['SES-0002', 'UNAVAILABLE'],
  ['SES-0007', 'UNAVAILABLE'],
  ['SES-0204', 'NOT_ALLOWED'],
  ['SES-0207', 'UNAVAILABLE'],
  ['SES-0208', 'UNAVAILABLE'],
] as const;

describe('a session at OX', () => {
  it('is opened once for all who log in at the same time', async () => {
    await using own = await sandboxed('7.10');
    const handles = await Promise.all(Array.from({ length: 8 }, () => own.login()));
    expect(own.server.sandbox.sessions.size).to.equal(1);
    for (const handle of handles) handle[Symbol.dispose]();
  });

  for (const code of lost)
    it(`is opened anew when a call is refused by ${code}, and the call made once more`, async () => {
      let asked = 0;
      await using own = await scripted({
        'contacts all': () => (++asked === 1 ? oxError(code, 4) : { json: { data: [], timestamp: 0 } }),
      });
      using session = await own.login();
      expect((await session.list(contacts, options)).items).to.deep.equal([]);
      expect(own.server.callsOf('contacts all')).to.have.length(2);
      expect(own.server.callsOf('login login')).to.have.length(2);
    });

  for (const [code, meaning] of kept)
    it(`is kept when a call is refused by ${code}: ${meaning}`, async () => {
      await using own = await scripted({ 'contacts all': () => oxError(code, 4) });
      using session = await own.login();
      expect(await failureOf(session.list(contacts, options))).to.include({ code: meaning });
      expect(own.server.callsOf('contacts all')).to.have.length(1);
      expect(own.server.callsOf('login login')).to.have.length(1);
    });

  it('is opened anew once for all calls that find it gone', async () => {
    await using own = await sandboxed('7.10');
    using session = await own.login();
    const folder = (await session.listFolders(options)).find(({ role }) => role === 'contacts') as FolderRef;
    own.server.sandbox.sessions.endAll();
    const lists = await Promise.all(Array.from({ length: 8 }, () => session.list(folder, options)));
    expect(new Set(lists.map(({ items }) => items.length)).size).to.equal(1);
    expect(own.server.sandbox.sessions.size).to.equal(1);
    expect(own.metrics.counts.get(`ox_calls_total{"module":"contacts","action":"all","outcome":"ok"}`)).to.equal(8);
  });

  it('ends at the server when nobody has used it for long, and not before', async () => {
    await using server = await SandboxServer.start('7.10', { sessionLifetime: Infinity });
    const clock = new FakeClock();
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', 'ox.session.idle': 30 * minute }, clock);
    const held = await bridge.login(alice, options);
    (await bridge.login(alice, options))[Symbol.dispose]();
    await clock.tick(40 * minute);
    expect(server.sandbox.sessions.size).to.equal(1);
    held[Symbol.dispose]();
    await clock.tick(29 * minute);
    expect(server.sandbox.sessions.size).to.equal(1);
    await clock.tick(2 * minute);
    await until(() => server.sandbox.sessions.size === 0);
    expect(bridge.sessionCount).to.equal(0);
    await bridge[Symbol.asyncDispose]();
  });

  it('takes any number of users who log in, and of calls of one of them, at the same time', async () => {
    await using own = await scripted({ 'contacts all': () => ({ json: { data: [], timestamp: 0 } }) });
    const warnings: Error[] = [];
    const hear = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', hear);
    const users = Array.from({ length: 30 }, (_, index) => ({ ...anna, login: `user${index}@example.com` }));
    await Promise.all(users.map((user) => own.bridge.login(user, { signal: new AbortController().signal })));
    const leave = new AbortController();
    const session = await own.login();
    await Promise.all(users.map(() => session.list(contacts, { signal: leave.signal })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    session[Symbol.dispose]();
    expect(own.bridge.sessionCount).to.equal(31);
    expect(warnings).to.deep.equal([]);
  });

  it('shows its password to nobody who prints it, nor in the log', async () => {
    await using own = await scripted({ 'contacts all': () => oxError('SES-0203', 4) });
    const secret = 'Pa55-word';
    using session = await own.bridge.login({ ...anna, password: secret }, options);
    const failure = await failureOf(session.list(contacts, options));
    const shown = [own.bridge, session, failure, own.log.lines].map((one) =>
      inspect(one, { depth: Infinity, showHidden: true }),
    );
    expect(shown.filter((text) => text.includes(secret))).to.deep.equal([]);
  });
});

describe('a password that OX refuses', () => {
  const refusing = (clock: FakeClock, rightOnes: ReadonlySet<string>): Promise<ScriptedBridge> =>
    scripted(
      {
        'login login': ({ body }) =>
          rightOnes.has(new URLSearchParams(body).get('password') ?? '')
            ? { json: { session: 's1', user_id: 3, context_id: 1 } }
            : oxError('LGI-0006', 1),
        'contacts all': () => ({ json: { data: [], timestamp: 0 } }),
      },
      { 'ox.login.backoff': 5 * minute },
      clock,
    );
  const attempts = ({ server }: ScriptedBridge): number => server.callsOf('login login').length;

  it('is refused without asking for a while, which doubles, while the right one works', async () => {
    const clock = new FakeClock();
    await using own = await refusing(clock, new Set([anna.password]));
    const wrong = { ...anna, password: 'old' };
    const refused = async (): Promise<void> => {
      expect(await failureOf(own.bridge.login(wrong, options))).to.include({ code: 'AUTHENTICATION' });
    };
    await Promise.all(Array.from({ length: 5 }, refused));
    for (let phone = 0; phone < 20; phone++) await refused();
    expect(attempts(own)).to.equal(1);
    using session = await own.login();
    expect((await session.list(contacts, options)).items).to.deep.equal([]);
    expect(attempts(own)).to.equal(2);
    const asked: number[] = [];
    for (let passed = 0; passed < 60; passed++) {
      await clock.tick(minute);
      const before = attempts(own);
      await refused();
      if (attempts(own) > before) asked.push(passed + 1);
    }
    expect(asked).to.deep.equal([5, 15, 35]);
  });

  it('is asked for again at once when it has become the right one by another login', async () => {
    const rightOnes = new Set(['new']);
    await using own = await refusing(new FakeClock(), rightOnes);
    expect(await failureOf(own.login())).to.include({ code: 'AUTHENTICATION' });
    using session = await own.bridge.login({ ...anna, password: 'new' }, options);
    expect(session.user.userId).to.equal(3);
    expect(attempts(own)).to.equal(2);
  });

  it('since the session was opened ends the session, and is not tried twice', async () => {
    const rightOnes = new Set([anna.password]);
    let isLost = false;
    const clock = new FakeClock();
    await using own = await scripted(
      {
        'login login': ({ body }) =>
          rightOnes.has(new URLSearchParams(body).get('password') ?? '')
            ? { json: { session: 's1', user_id: 3, context_id: 1 } }
            : oxError('LGI-0006', 1),
        'contacts all': () => (isLost ? oxError('SES-0203', 4) : { json: { data: [], timestamp: 0 } }),
      },
      {},
      clock,
    );
    using session = await own.login();
    rightOnes.clear();
    isLost = true;
    for (let round = 0; round < 5; round++)
      expect(await failureOf(session.list(contacts, options))).to.include({ code: 'AUTHENTICATION' });
    for (let round = 0; round < 5; round++) expect(await failureOf(own.login())).to.include({ code: 'AUTHENTICATION' });
    expect(attempts(own)).to.equal(2);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
