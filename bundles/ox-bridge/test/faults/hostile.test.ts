import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { GroupwareError, type GroupwareSession } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import fc from 'fast-check';
import { bridgeTo } from '../support/sandbox';
import type { ScriptedAnswer } from '../support/scripted-server';
import { anna, failureOf, scripted, signal } from '../support/session';

const options = { signal };
const contacts = { id: '31', itemClass: 'Contacts' as const };
const calendar = { id: '32', itemClass: 'Calendar' as const };
const tasks = { id: '33', itemClass: 'Tasks' as const };
const inbox = { id: 'default0/INBOX', itemClass: 'Email' as const };

/** What reads, and the calls that it makes. */
const readers: Readonly<Record<string, (session: GroupwareSession) => Promise<unknown> | undefined>> = {
  'listing contacts': (session) => session.list(contacts, options),
  'changes of contacts': (session) => session.changes(contacts, '5', options),
  'reading contacts': (session) => session.read(contacts, ['1', '2'], options),
  'listing appointments': (session) => session.list(calendar, options),
  'changes of appointments': (session) => session.changes(calendar, '5', options),
  'reading appointments': (session) => session.read(calendar, ['1', '2'], options),
  'listing tasks': (session) => session.list(tasks, options),
  'reading tasks': (session) => session.read(tasks, ['1', '2'], options),
  'listing mails': (session) => session.list(inbox, options),
  'reading mails': (session) => session.read(inbox, ['1', '2'], { ...options, bodies: ['text', 'html'] }),
  'listing folders': (session) => session.listFolders(options),
  'searching people': (session) => session.directory?.search('x', { ...options, offset: 0, limit: 5 }),
};

const html = '<!DOCTYPE html><html><body><h1>It works!</h1></body></html>';

/** Answers that a proxy, a broken server or something else gives, and what they mean. */
const answers: Readonly<Record<string, readonly [ScriptedAnswer, string]>> = {
  'JSON that is cut off': [{ text: '{"data":[["1",17000' }, 'BROKEN_ANSWER'],
  'a page of HTML with status 200': [{ headers: { 'Content-Type': 'text/html' }, text: html }, 'BROKEN_ANSWER'],
  'a redirection': [{ status: 302, headers: { Location: 'http://elsewhere/login' }, text: html }, 'BROKEN_ANSWER'],
  'an internal error': [{ status: 500, headers: { 'Content-Type': 'text/html' }, text: html }, 'BROKEN_ANSWER'],
  'a bad gateway': [{ status: 502, text: html }, 'UNAVAILABLE'],
  nothing: [{ text: '' }, 'BROKEN_ANSWER'],
  null: [{ json: null }, 'BROKEN_ANSWER'],
  'a number': [{ json: 5 }, 'BROKEN_ANSWER'],
  'an envelope without data': [{ json: { timestamp: 5 } }, 'BROKEN_ANSWER'],
  'rows without a version': [{ json: { data: [['1'], ['2']], timestamp: 5 } }, 'BROKEN_ANSWER'],
  'rows that are none': [{ json: { data: [5, 'x', {}], timestamp: 5 } }, 'BROKEN_ANSWER'],
  'what is compressed though nobody asked for it': [
    { headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, text: gzipSync('{"data":[]}') },
    'BROKEN_ANSWER',
  ],
};

describe('answers of a hostile server', () => {
  for (const [what, [answer, code]] of Object.entries(answers))
    it(`${what}: ${code}`, async () => {
      await using own = await scripted({ 'contacts all': () => answer }, { 'ox.breaker.failures': 1000 });
      using session = await own.login();
      const failure = await failureOf(session.list(contacts, options));
      expect(failure).to.be.instanceOf(GroupwareError).and.to.include({ code });
      // What is wrong with one answer says nothing about the next call.
      expect(await failureOf(session.list(tasks, options))).to.include({ code: 'UNSUPPORTED' });
      expect(own.server.callsOf('login login')).to.have.length(1);
    });

  for (const [what, value, least, most] of [
    ['seconds', () => '120', 120_000, 120_000],
    ['a date', () => new Date(Date.now() + 90_000).toUTCString(), 30_000, 90_000],
    ['thousands of years', () => '99999999999', 3_600_000, 3_600_000],
    ['nonsense', () => 'soon', undefined, undefined],
  ] as const)
    it(`status 503 with ${what} in Retry-After: devices come back then, within an hour`, async () => {
      await using own = await scripted({
        'contacts all': () => ({ status: 503, headers: { 'Retry-After': value() }, text: html }),
      });
      using session = await own.login();
      const failure = (await failureOf(session.list(contacts, options))) as GroupwareError;
      expect(failure).to.include({ code: 'UNAVAILABLE', retryable: true });
      if (least === undefined) expect(failure.retryAfter).to.equal(undefined);
      else expect(failure.retryAfter).to.be.within(least, most);
    });

  it('a login without a session is none', async () => {
    await using own = await scripted({ 'login login': () => ({ json: { user_id: 3 } }) });
    expect(await failureOf(own.login())).to.include({ code: 'BROKEN_ANSWER' });
  });

  it('no JSON whatever makes the bridge fail by an error without a type', async function () {
    this.timeout(60_000);
    let answer: unknown;
    const give = (): ScriptedAnswer => ({ json: answer });
    await using own = await scripted({ '*': give, 'multiple multiple': give, 'user get': give });
    answer = { data: { display_name: 'Anna' } };
    using session = await own.login();
    const value = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom(1e20, -1e300, '9'.repeat(40)),
    );
    const row = fc.array(value, { minLength: 2, maxLength: 90 }).map((list) => ['1', ...list]);
    const envelope = fc.record({
      data: fc.oneof(value, fc.array(fc.oneof(row, value)), fc.array(row)),
      timestamp: value,
    });
    const one = fc.oneof(envelope, value);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(one, fc.array(one, { maxLength: 5 })),
        fc.constantFrom(...Object.keys(readers)),
        async (json, name) => {
          answer = json;
          const error = await failureOf(readers[name]?.(session) ?? Promise.resolve());
          if (error !== undefined) expect(error, String((error as Error).stack)).to.be.instanceOf(GroupwareError);
        },
      ),
      { numRuns: 600 },
    );
  });
});

/** A server that answers logins in one piece and everything else as a test tells. */
async function dripping(write: (response: ServerResponse) => void): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    const isLogin = !/contacts/.test(request.url ?? '');
    if (isLogin) response.end(JSON.stringify({ session: 's1', user_id: 3, context_id: 1, data: null }));
    else write(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ajax`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('answers without end', () => {
  it('are broken off when they are too long', async () => {
    let isClosed: Promise<unknown> | undefined;
    await using server = await dripping((response) => {
      isClosed = once(response, 'close');
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', 'ox.answer_limit': 1_048_576 });
    using session = await bridge.login(anna, options);
    expect(await failureOf(session.list(contacts, options))).to.include({ code: 'BROKEN_ANSWER' });
    await isClosed;
    await bridge[Symbol.asyncDispose]();
  });

  it('are given up when they take too long, though there is always a little more', async () => {
    const clock = new FakeClock();
    let begun: (response: ServerResponse) => void = () => undefined;
    const hasBegun = new Promise<ServerResponse>((resolve) => (begun = resolve));
    let isClosed: Promise<unknown> | undefined;
    await using server = await dripping((response) => {
      isClosed = once(response, 'close');
      response.write('{"data":[');
      begun(response);
    });
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', 'ox.timeout': 10_000 }, clock);
    using session = await bridge.login(anna, options);
    const failure = failureOf(session.list(contacts, options));
    const response = await hasBegun;
    await clock.tick(50_000);
    response.write(' ');
    expect(await failure).to.include({ code: 'UNAVAILABLE', retryable: true });
    await isClosed;
    await bridge[Symbol.asyncDispose]();
  });
});
