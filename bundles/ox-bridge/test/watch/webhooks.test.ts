import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangeNotice, GroupwareSession } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import Koa from 'koa';
import type { OxBridge, OxConfig } from '../../src';
import { type Script, oxError } from '../support/scripted-server';
import { type ScriptedBridge, alice, bob, sandboxed, scripted, signal, streamOf } from '../support/session';

const options = { signal };
const secret = 'Bearer s3cret';
const signatureSecret = 'key';
const inbox = 'default0/INBOX';

/** The part of the host that OX posts to. */
class HookServer implements AsyncDisposable {
  bridge: OxBridge | undefined;
  readonly #server: Server;

  private constructor() {
    const app = new Koa();
    app.use(async (context, next) => {
      await this.bridge?.webhooks.middleware()(context, next);
    });
    const handle = app.callback();
    this.#server = createServer((request, response) => void handle(request, response));
  }

  static async start(): Promise<HookServer> {
    const own = new HookServer();
    own.#server.listen(0, '127.0.0.1');
    await once(own.#server, 'listening');
    return own;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function configOf(hooks: HookServer, more: Partial<OxConfig> = {}): Partial<OxConfig> {
  return {
    'ox.watch.mode': 'auto',
    'ox.watch.interval': 3_600_000,
    'ox.watch.idle_interval': 3_600_000,
    'ox.webhook.id': 'oxtender',
    'ox.webhook.url': hooks.url,
    'ox.webhook.secret': secret,
    'ox.webhook.signature_secret': signatureSecret,
    ...more,
  };
}

/** Whoever waits for the inbox alone: what is heard was not found by asking. */
function listen(session: GroupwareSession): Disposable & { readonly notices: ChangeNotice[] } {
  const notices: ChangeNotice[] = [];
  const watch = session.watch((notice) => notices.push(notice));
  watch.attend?.({ folders: [], hierarchy: false });
  return { notices, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settle();
}

describe('the webhook, with a server that pushes', () => {
  it('wakes the user whose mail it is and nobody else, until nobody of his listens', async () => {
    await using hooks = await HookServer.start();
    const webhooks = { oxtender: { uri: hooks.url, secret, signatureSecret } };
    await using own = await sandboxed('7.10', configOf(hooks), { pushDelay: 0, webhooks });
    hooks.bridge = own.bridge;
    using reader = await own.login(alice);
    using writer = await own.login(bob);
    using others = listen(writer);
    const subscribed = (): unknown =>
      own.server.sandbox.contexts.open(1).db.value('SELECT count(*) FROM push_subscription');
    {
      using heard = listen(reader);
      await until(() => subscribed() === 2);
      await sendTo(alice.login, writer);
      await until(() => heard.notices.some(({ folderId }) => folderId === inbox));
      expect(others.notices.filter(({ folderId }) => folderId === inbox)).to.deep.equal([]);
    }
    await sendTo(alice.login, writer);
    await until(() => subscribed() === 1);
  });
});

async function sendTo(address: string, session: GroupwareSession): Promise<void> {
  const source = `From: ${bob.login}\r\nTo: ${address}\r\nSubject: Push\r\n\r\nText`;
  await session.mail?.send(streamOf(source), { ...options, saveInSent: false });
}

interface Posted {
  readonly name?: string;
  readonly method?: string;
  readonly body?: string;
  /** Milliseconds before now. */
  readonly age?: number;
  readonly authorization?: string;
  readonly signature?: string;
}

describe('the webhook', () => {
  let clock: FakeClock;
  let hooks: HookServer;
  let own: ScriptedBridge;
  let session: GroupwareSession;
  let heard: ReturnType<typeof listen>;
  let subscribe: Script;

  beforeEach(async () => {
    clock = new FakeClock();
    hooks = await HookServer.start();
    subscribe = () => ({ json: { data: { success: true } } });
    own = await scripted({ 'pns subscribe': (call) => subscribe(call) }, configOf(hooks), clock);
    hooks.bridge = own.bridge;
    session = await own.login();
    heard = listen(session);
    await until(() => own.server.callsOf('pns subscribe').length === 1);
  });
  afterEach(async () => {
    heard[Symbol.dispose]();
    session[Symbol.dispose]();
    await own[Symbol.asyncDispose]();
    await hooks[Symbol.asyncDispose]();
  });

  const subscription = (at = 0): Record<string, unknown> =>
    JSON.parse(own.server.callsOf('pns subscribe').at(at)?.body ?? '') as Record<string, unknown>;
  const ownName = (): string => String(subscription()['token']).slice(hooks.url.length);
  const mail = (folder: string): string => JSON.stringify({ name: 'ox:mail:new', args: [{ folder }], namespace: '/' });

  /** As OX does, where nothing else is said. @returns the status of the answer */
  const post = async (posted: Posted = {}): Promise<number> => {
    const { name = ownName(), method = 'POST', body = mail(inbox), age = 0, authorization = secret } = posted;
    const time = clock.now() - age;
    const sum = createHmac('sha256', signatureSecret).update(`v1:${time}:${body}`).digest('hex');
    const headers = { Authorization: authorization, 'X-OX-Signature': posted.signature ?? `t=${time}, v1=${sum}` };
    const answer = await fetch(hooks.url + name, { method, headers, ...(method === 'POST' && { body }) });
    return answer.status;
  };

  it('is subscribed as OX wants it: its id as the client, an address below its own as the token', () => {
    expect(subscription()).to.deep.equal({
      client: 'oxtender',
      token: hooks.url + ownName(),
      transport: 'webhooks',
      topics: ['ox:mail:new', 'ox:calendar:updates'],
    });
    expect(ownName()).to.match(/^[0-9a-f]{32}$/);
  });

  it('is subscribed again each hour, also when OX did not take it, and then the log says where to look', async () => {
    subscribe = () => oxError('SVL-0010', 8);
    for (const count of [2, 3]) {
      await clock.tick(3_600_000);
      await until(() => own.server.callsOf('pns subscribe').length === count);
    }
    const refusal = (): boolean => own.log.lines.some(({ message }) => message.includes('webhooks.yml'));
    await until(refusal);
    expect(subscription(2)).to.deep.equal(subscription());
  });

  it('tells what a message is about, whatever order messages come in', async () => {
    expect(await post()).to.equal(204);
    expect(await post({ body: mail('default0/Old'), age: 200_000 })).to.equal(204);
    expect(heard.notices).to.deep.equal([{ folderId: inbox }, { folderId: 'default0/Old' }]);
  });

  it('hears a message once, whoever sends it again, and OX is not told to stop', async () => {
    expect(await post()).to.equal(204);
    expect(await post()).to.equal(204);
    expect(heard.notices).to.deep.equal([{ folderId: inbox }]);
  });

  for (const [what, posted] of [
    ['another secret', { authorization: 'Bearer other' }],
    ['no secret', { authorization: '' }],
    ['a signature by another key', { signature: `t=${new FakeClock().now()}, v1=${'0'.repeat(64)}` }],
    ['no signature', { signature: '' }],
    ['a signature of ten minutes ago', { age: 600_000 }],
    ['a signature of tomorrow', { age: -86_400_000 }],
    ['what is no signature', { signature: 't=now' }],
  ] as const)
    it(`refuses a message with ${what}, and the log says what to compare`, async () => {
      expect(await post(posted)).to.equal(403);
      expect(heard.notices).to.deep.equal([]);
      expect(own.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).to.deep.equal([
        'a message to the webhook is not from OX: compare ox.webhook.* with webhooks.yml',
      ]);
    });

  it('refuses what was signed for another text', async () => {
    const sum = createHmac('sha256', signatureSecret)
      .update(`v1:${clock.now()}:${mail(inbox)}`)
      .digest('hex');
    expect(await post({ body: mail('default0/Trash'), signature: `t=${clock.now()}, v1=${sum}` })).to.equal(403);
  });

  it('does not know a user who is not subscribed, nor other methods: OX is told to stop', async () => {
    expect(await post({ name: '0'.repeat(32) })).to.equal(404);
    expect(await post({ method: 'GET' })).to.equal(405);
    expect(heard.notices).to.deep.equal([]);
  });

  it('takes what it does not understand for nothing', async () => {
    for (const body of [
      '',
      'null',
      '[',
      '{"name":5}',
      '{"name":"ox:chat:new","args":[{"folder":"1"}]}',
      '{"name":"ox:mail:new"}',
    ])
      expect(await post({ body }), body).to.equal(204);
    expect(heard.notices).to.deep.equal([]);
    expect(await post({ body: ' '.repeat(2_000_000) })).to.equal(413);
    expect(await post()).to.equal(204);
    expect(heard.notices).to.deep.equal([{ folderId: inbox }]);
  });
});

describe('the webhook, where its address is not configured', () => {
  it('is subscribed with that of OX, and a message makes everybody look', async () => {
    await using hooks = await HookServer.start();
    const webhooks = { oxtender: { uri: hooks.url, secret, signatureSecret } };
    await using own = await sandboxed('7.10', configOf(hooks, { 'ox.webhook.url': '' }), { pushDelay: 0, webhooks });
    hooks.bridge = own.bridge;
    using reader = await own.login(alice);
    using writer = await own.login(bob);
    using first = listen(reader);
    using second = listen(writer);
    const { db } = own.server.sandbox.contexts.open(1);
    await until(() => db.value('SELECT count(*) FROM push_subscription') === 2);
    await sendTo(alice.login, writer);
    for (const { notices } of [first, second]) await until(() => notices.some(({ folderId }) => folderId === inbox));
  });
});
