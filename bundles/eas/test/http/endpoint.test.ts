import {
  type Clock,
  type Credentials,
  type DeviceIdentity,
  type DeviceRegistry,
  GroupwareError,
  type SyncSession,
} from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { EasConfig } from '../../src/config';
import type { Sessions } from '../../src/http/sessions';
import type { Answer, Command, CommandCall, CommandClass, Gate } from '../../src/protocol/command';
import { describeCommand, LaterAnswer } from '../../src/protocol/command';
import { CommandSet } from '../../src/protocol/command-set';
import { Refused } from '../../src/protocol/refused';
import { documentOrMime, type MailBody, noBody, optionalBody } from '../../src/protocol/request-body';
import { type Infer, object, optional, text } from '../../src/protocol/schema';
import { MemoryAppliedMails } from '../meetings/memory-applied-mails';
import { MemoryUidMapping } from '../uids/memory-uid-mapping';
import { type LogLine, recordingLogger } from './recording-logger';
import { type Reply, type ServedEndpoint, serveEndpoint } from './serve-endpoint';
import { ComposeMail, decode, element, encode, FolderHierarchy, LargeValue, MemoryBytes, Ping } from '../../src/wbxml';

/** What the commands of this test saw, and what they shall do. */
const seen: { request: unknown; call: CommandCall }[] = [];
type Given = Answer | LaterAnswer;
let behaviour: (request: unknown, call: CommandCall) => Given | Promise<Given> = () => undefined;

function record(request: unknown, call: CommandCall): Promise<Given> {
  seen.push({ request, call });
  return Promise.resolve(behaviour(request, call));
}

const folderSync = object({ syncKey: text(FolderHierarchy.SyncKey) });
class FolderSync implements Command<typeof folderSync> {
  static readonly descriptor = describeCommand({
    name: 'FolderSync',
    root: FolderHierarchy.FolderSync,
    request: folderSync,
    status: { malformed: 10, serverError: 6 },
    advertises: true,
  });
  execute(request: Infer<typeof folderSync>, call: CommandCall): Promise<Given> {
    return record(request, call);
  }
}

const ping = optionalBody(object({ interval: optional(text(Ping.HeartbeatInterval)) }));
class PingCommand implements Command<typeof ping> {
  static readonly descriptor = describeCommand({ name: 'Ping', root: Ping.Ping, request: ping });
  execute(request: unknown, call: CommandCall): Promise<Given> {
    return record(request, call);
  }
}

const mail = documentOrMime(object({ clientId: text(ComposeMail.ClientId) }));
class SendMail implements Command<typeof mail> {
  static readonly descriptor = describeCommand({ name: 'SendMail', root: ComposeMail.SendMail, request: mail });
  execute(request: unknown, call: CommandCall): Promise<Given> {
    return record(request, call);
  }
}

class GetAttachment implements Command<typeof noBody> {
  static readonly descriptor = describeCommand({ name: 'GetAttachment', request: noBody, until: '12.1' });
  execute(request: undefined, call: CommandCall): Promise<Given> {
    return record(request, call);
  }
}

const config: EasConfig = {
  'com.openexchange.usm.eas.alias': '/Microsoft-Server-ActiveSync',
  'com.openexchange.usm.eas.login_pattern.domain_user': '$USER@$DOMAIN',
  'com.openexchange.usm.eas.mail.time_limit': 0,
  'com.openexchange.usm.eas.throttle.requests_per_minute': 0,
  'com.openexchange.usm.eas.throttle.repeated_failures': 50,
  'com.openexchange.usm.eas.ping.min_heartbeat': 60,
  'com.openexchange.usm.eas.ping.max_heartbeat': 3540,
  'com.openexchange.usm.eas.max_collections': 300,
  'com.openexchange.usm.eas.meetings.process_mails': true,
  'com.openexchange.usm.eas.max_folders': 7,
  'com.openexchange.usm.eas.devices.allowed': [],
  'com.openexchange.usm.eas.max_request_size': 10_000,
  'com.openexchange.usm.eas.policy.required': false,
  'com.openexchange.usm.eas.policy.settings': [],
  'com.openexchange.usm.eas.policy.users': [],
  'com.openexchange.usm.eas.policy.exempt_devices': [],
  'com.openexchange.usm.eas.policy.allow_partial': false,
  'com.openexchange.usm.eas.redirect': ['*@elsewhere.example=https://other.example/Microsoft-Server-ActiveSync'],
  'com.openexchange.usm.eas.autodiscover.url': '',
  'com.openexchange.usm.eas.autodiscover.redirect': [],
  'com.openexchange.usm.eas.autodiscover.credential_url': '',
  'com.openexchange.usm.eas.certificates.people': '',
  'com.openexchange.usm.eas.certificates.authorities': [],
  'com.openexchange.usm.eas.certificates.revocation_lists': [],
  'com.openexchange.usm.eas.wire_log': true,
};

class FakeSessions implements Sessions {
  readonly opened: DeviceIdentity[] = [];
  disposed = 0;
  failure: Error | undefined;

  /** What the user's session has cost at the groupware. */
  readonly calls = { count: 7, milliseconds: 70 };

  async verify({ password }: Credentials): Promise<void> {
    if (this.failure) throw this.failure;
    if (password !== 'secret') throw new GroupwareError('AUTHENTICATION', 'refused');
    return Promise.resolve();
  }

  async open(credentials: Credentials, device: DeviceIdentity): Promise<SyncSession> {
    await this.verify(credentials);
    this.opened.push(device);
    const dispose = () => {
      this.disposed += 1;
    };
    const { calls } = this;
    return {
      user: { login: credentials.login },
      groupware: { calls },
      [Symbol.dispose]: dispose,
    } as unknown as SyncSession;
  }
}

describe('Endpoint', () => {
  const lines: LogLine[] = [];
  const gates: Gate[] = [];
  let sessions: FakeSessions;
  let server: ServedEndpoint;

  const log = recordingLogger(lines);
  const clock = { now: () => 1000 } as Clock;

  before(async () => {
    const classes = [FolderSync, PingCommand, SendMail, GetAttachment] as unknown as CommandClass[];
    const draining = new AbortController().signal;
    const commands = new CommandSet(classes, {
      config,
      clock,
      draining,
      devices: {} as DeviceRegistry,
      uids: new MemoryUidMapping(),
      appliedMails: new MemoryAppliedMails(),
      newPolicyKey: () => '1',
    });
    const forward: Sessions = {
      verify: (credentials) => sessions.verify(credentials),
      open: (credentials, device) => sessions.open(credentials, device),
    };
    server = await serveEndpoint({ commands, sessions: forward, gates, config, clock, log });
  });

  after(() => server.close());

  beforeEach(() => {
    sessions = new FakeSessions();
    seen.length = lines.length = gates.length = 0;
    behaviour = () => undefined;
  });

  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  async function send(options: {
    method?: string;
    command?: string;
    query?: string;
    version?: string;
    login?: string | null;
    type?: string;
    body?: Uint8Array;
    headers?: Record<string, string>;
    signal?: AbortSignal;
  }): Promise<Reply> {
    const { method = 'POST', command = 'FolderSync', version = '14.1', login = 'anna:secret', body } = options;
    const query = options.query ?? `Cmd=${command}&User=anna&DeviceId=dev1&DeviceType=iPhone`;
    const headers = {
      'MS-ASProtocolVersion': version,
      ...(login === null ? {} : { Authorization: basic(login) }),
      ...(body
        ? { 'Content-Type': options.type ?? 'application/vnd.ms-sync.wbxml', 'Content-Length': `${body.length}` }
        : {}),
      ...options.headers,
    };
    return server.send(
      method,
      `/Microsoft-Server-ActiveSync${query === '' ? '' : `?${query}`}`,
      headers,
      body,
      options.signal,
    );
  }

  const hierarchy = encode(element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, '0')));
  const told = ({ body }: Reply) => decode(body).children.map(({ tag, text }) => `${tag.name} ${text}`);

  describe('OPTIONS', () => {
    it('tells versions and commands to who has a password, without a body', async () => {
      const { status, headers, body } = await send({ method: 'OPTIONS', query: '' });
      expect(status).to.equal(200);
      expect(body.length).to.equal(0);
      expect(headers).to.include({
        'content-length': '0',
        'ms-asprotocolversions': '2.5,12.0,12.1,14.0,14.1,16.0,16.1',
        'ms-asprotocolcommands': 'FolderSync,Ping,SendMail,GetAttachment',
        public: 'OPTIONS,POST',
        allow: 'OPTIONS,POST',
      });
      expect(headers).not.to.have.any.keys('content-type', 'x-ms-rp');
      expect(sessions.opened, 'no device comes of it').to.deep.equal([]);
    });

    it('asks for a password', async () => {
      for (const login of [null, 'anna:wrong']) {
        const { status, headers } = await send({ method: 'OPTIONS', login });
        expect(status).to.equal(401);
        expect(headers['www-authenticate']).to.match(/^Basic realm=/);
      }
    });
  });

  describe('a command', () => {
    it('gets the request and the call, and its answer goes out', async () => {
      behaviour = () => element(FolderHierarchy.FolderSync, element(FolderHierarchy.Status, 1));
      const reply = await send({
        login: 'example.com\\anna:secret',
        body: hierarchy,
        headers: { 'User-Agent': 'Apple-iPhone', 'X-MS-PolicyKey': '42', 'Accept-Language': 'de-DE, de;q=0.9' },
      });
      expect(reply.status).to.equal(200);
      expect(reply.headers).to.include({
        'content-type': 'application/vnd.ms-sync.wbxml',
        'content-length': String(reply.body.length),
        'cache-control': 'private',
        'ms-asprotocolcommands': 'FolderSync,Ping,SendMail,GetAttachment',
      });
      expect(told(reply)).to.deep.equal(['Status 1']);
      const [{ request, call } = { request: undefined, call: undefined }] = seen;
      expect(request).to.deep.equal({ syncKey: '0' });
      expect(call?.version).to.equal('14.1');
      expect(call?.policyKey).to.equal(42);
      expect(call?.credentials).to.deep.equal({ login: 'anna@example.com', password: 'secret' });
      expect(call?.device).to.deep.include({ id: 'dev1', type: 'iPhone', userAgent: 'Apple-iPhone' });
      expect(call?.requestId).to.equal('r1');
      expect(call?.signal.aborted).to.equal(false);
      expect(sessions.disposed).to.equal(1);
      expect(lines.filter(({ level }) => level !== 'debug')).to.have.length(1);
      expect(lines.at(-1)).to.deep.include({ level: 'info', message: 'request' });
      expect(lines.at(-1)?.fields).to.include({
        command: 'FolderSync',
        version: '14.1',
        user: 'anna@example.com',
        device: 'dev1',
        http: 200,
      });
    });

    it('is told in the log with the calls of the groupware that it took', async () => {
      behaviour = () => {
        sessions.calls.count += 4;
        sessions.calls.milliseconds += 253;
        return undefined;
      };
      await send({ command: 'Ping' });
      expect(lines.at(-1)?.fields).to.include({ backendCalls: 4, backendMs: 253 });
    });

    it('may answer nothing, and may be asked nothing', async () => {
      const reply = await send({ command: 'Ping' });
      expect(reply).to.deep.include({ status: 200, body: Buffer.alloc(0) });
      expect(reply.headers).to.include({ 'content-length': '0' });
      expect(reply.headers).not.to.have.any.keys('content-type', 'ms-asprotocolcommands');
      expect(seen[0]?.request).to.equal(undefined);
    });

    it('may answer bytes of any type', async () => {
      behaviour = (_, { parameters }) => ({
        contentType: 'image/png',
        body: new MemoryBytes(Buffer.from(parameters.attachmentName ?? '')),
      });
      const query = 'Cmd=GetAttachment&AttachmentName=a%3A1&DeviceId=dev1&DeviceType=SP';
      const reply = await send({ query, version: '12.1' });
      expect(reply.headers['content-type']).to.equal('image/png');
      expect(reply.body.toString()).to.equal('a:1');
    });

    it('takes a mail by itself, and the short name of the media type', async () => {
      const source = Buffer.from('Subject: x\r\n\r\nbody');
      await send({ command: 'SendMail', version: '12.1', type: 'message/rfc822', body: source });
      expect((seen[0]?.request as MailBody).bytes.read()).to.deep.equal(source);
      const document = encode(element(ComposeMail.SendMail, element(ComposeMail.ClientId, 'c1')));
      await send({ command: 'SendMail', type: 'application/vnd.ms-sync; charset=utf-8', body: document });
      expect(seen[1]?.request).to.deep.equal({ clientId: 'c1' });
    });

    it('may be larger than memory should hold, compressed or not', async () => {
      const text = 'Words and words. '.repeat(40_000);
      behaviour = async (_, { contents }) => {
        const stored = await contents.store(Readable.from([Buffer.from(text)]));
        const value = new LargeValue(stored, 'text');
        return element(FolderHierarchy.FolderSync, element(FolderHierarchy.DisplayName, value));
      };
      const plain = await send({ body: hierarchy });
      expect(plain.headers['content-length']).to.equal(String(plain.body.length));
      const packed = await send({ body: hierarchy, headers: { 'Accept-Encoding': 'gzip' } });
      expect(packed.headers).to.include({ 'content-encoding': 'gzip' }).and.not.have.property('content-length');
      for (const bytes of [plain.body, gunzipSync(packed.body)])
        expect(decode(bytes).children[0]?.text === text).to.equal(true);
    });

    it('is compressed when the device takes that and it is worth it', async () => {
      behaviour = () => element(FolderHierarchy.FolderSync, element(FolderHierarchy.SyncKey, 'x'.repeat(5000)));
      const plain = await send({ body: hierarchy });
      expect(plain.headers).not.to.have.property('content-encoding');
      const packed = await send({ body: hierarchy, headers: { 'Accept-Encoding': 'gzip, deflate' } });
      expect(packed.headers).to.include({ 'content-encoding': 'gzip', 'content-length': String(packed.body.length) });
      expect(gunzipSync(packed.body)).to.deep.equal(plain.body);
      behaviour = () => element(FolderHierarchy.FolderSync);
      const small = await send({ body: hierarchy, headers: { 'Accept-Encoding': 'gzip' } });
      expect(small.headers).not.to.have.property('content-encoding');
    });
  });

  describe('a command that waits', () => {
    const waiting = { command: 'Ping', body: encode(element(Ping.Ping, element(Ping.HeartbeatInterval, 60))) };

    /** A request whose command waits, and what ends that. */
    async function held({ signal, headers }: { signal?: AbortSignal; headers?: Record<string, string> } = {}): Promise<{
      reply: Promise<Reply>;
      resolve: (answer: Answer) => void;
      reject: (error: Error) => void;
      call: CommandCall;
    }> {
      const { promise, ...later } = withResolvers<Answer>();
      const reached = withResolvers<CommandCall>();
      behaviour = (_, call) => {
        reached.resolve(call);
        call.signal.addEventListener('abort', () => later.reject(call.signal.reason as Error));
        return new LaterAnswer(promise);
      };
      const reply = send({ ...waiting, ...(signal && { signal }), ...(headers && { headers }) });
      return { reply, ...later, call: await reached.promise };
    }

    it('is answered some time, and has its session until then', async () => {
      const { reply, resolve } = await held();
      const logged = lines.filter(({ level }) => level === 'info');
      expect([sessions.opened.length, sessions.disposed, logged.length]).to.deep.equal([1, 0, 0]);
      resolve(element(Ping.Ping, element(Ping.Status, 2)));
      const { status, headers, body } = await reply;
      expect([status, headers['content-type']]).to.deep.equal([200, 'application/vnd.ms-sync.wbxml']);
      expect(decode(body).child(Ping.Status)?.text).to.equal('2');
      expect(headers['content-length']).to.equal(String(body.length));
      expect(sessions.disposed).to.equal(1);
      expect(lines.at(-1)).to.deep.include({ level: 'info', message: 'request' });
    });

    it('may have an empty answer', async () => {
      const { reply, resolve } = await held();
      resolve(undefined);
      const { status, headers, body } = await reply;
      expect([status, headers['content-length'], body.length]).to.deep.equal([200, '0', 0]);
    });

    it('is compressed where the device takes that, though it came long ago', async () => {
      const { reply, resolve } = await held({ headers: { 'Accept-Encoding': 'gzip' } });
      const folders = Array.from({ length: 500 }, (_, number) => element(Ping.Folder, `F${number}`));
      resolve(element(Ping.Ping, element(Ping.Status, 2), element(Ping.Folders, folders)));
      const { status, headers } = await reply;
      expect([status, headers['content-encoding'], headers['cache-control']]).to.deep.equal([200, 'gzip', 'private']);
    });

    it('may fail like any other', async () => {
      const { reply, reject } = await held();
      reject(new GroupwareError('UNAVAILABLE', 'connection refused', { retryAfter: 20_000 }));
      const { status, headers } = await reply;
      expect([status, headers['retry-after'], sessions.disposed]).to.deep.equal([503, '20', 1]);
    });

    it('is let go when its device has gone', async () => {
      const gone = new AbortController();
      const { reply, call } = await held({ signal: gone.signal });
      const aborted = new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      gone.abort();
      expect(await reply.catch((error: unknown) => error)).to.include({ name: 'AbortError' });
      await aborted;
      await settle();
      expect(sessions.disposed).to.equal(1);
      expect(lines.at(-1)).to.deep.include({ level: 'info', message: 'request aborted' });
    });
  });

  it('slows down a device that sends the same bad request again and again: 503, until it sends another', async () => {
    const query = 'Cmd=FolderSync&User=anna&DeviceId=stubborn&DeviceType=iPhone';
    const bad = { query, version: '12.1', body: Buffer.from('not a document') };
    for (let time = 0; time < 50; time += 1) expect((await send(bad)).status).to.equal(400);
    const slowed = await send(bad);
    expect([slowed.status, slowed.headers['retry-after']]).to.deep.equal([503, '60']);
    expect((await send({ ...bad, query: query.replace('stubborn', 'other') })).status).to.equal(400);
    behaviour = () => undefined;
    expect((await send({ ...bad, body: hierarchy })).status).to.equal(200);
    expect((await send(bad)).status).to.equal(400);
  });

  describe('bad input', () => {
    const cases: [string, Parameters<typeof send>[0], number, number?][] = [
      ['a method of the browser', { method: 'GET' }, 501],
      ['an unknown command', { command: 'Nonsense' }, 501],
      ['a command that this server has not', { command: 'Find' }, 501],
      ['no query', { query: '' }, 400],
      ['a version of the future', { version: '99.0', body: hierarchy }, 400, 138],
      ['no version', { version: '', body: hierarchy }, 400, 138],
      ['the first version', { version: '1.0', body: hierarchy }, 505],
      ['no device id', { query: 'Cmd=FolderSync&DeviceType=iPhone', body: hierarchy }, 200, 108],
      ['no device id, old', { version: '12.1', query: 'Cmd=FolderSync&DeviceType=iPhone', body: hierarchy }, 400],
      ['no device type', { query: 'Cmd=FolderSync&DeviceId=d', body: hierarchy }, 200, 109],
      ['a wrong password', { login: 'anna:wrong', body: hierarchy }, 401],
      ['no password', { login: null, body: hierarchy }, 401],
      ['no WBXML', { body: Buffer.from('<html>') }, 200, 102],
      ['no WBXML, old', { version: '12.1', body: Buffer.from('<html>') }, 400],
      ['another document', { body: encode(element(Ping.Ping)) }, 200, 10],
      [
        'a document that breaks the schema, old',
        { version: '12.1', body: encode(element(FolderHierarchy.FolderSync)) },
        200,
        10,
      ],
      ['another media type', { type: 'text/xml', body: hierarchy }, 200, 101],
      ['no body', {}, 200, 101],
      ['no body, old', { version: '12.1' }, 400],
      ['a body over the limit', { body: Buffer.alloc(10_001) }, 413],
    ];
    for (const [name, options, http, status] of cases) {
      it(`gets the protocol's answer: ${name}`, async () => {
        const reply = await send(options);
        expect(reply.status).to.equal(http);
        expect(reply.body.length === 0 ? [] : told(reply)).to.deep.equal(
          status === undefined ? [] : [`Status ${status}`],
        );
        expect(reply.headers['content-length']).to.equal(String(reply.body.length));
        expect(seen).to.deep.equal([]);
        const line = lines.filter(({ level }) => level !== 'debug');
        expect(line.map(({ level, message }) => `${level} ${message}`)).to.deep.equal(['warn request refused']);
      });
    }

    it('asks a command of another version elsewhere', async () => {
      expect(await send({ command: 'GetAttachment', version: '14.0' })).to.include({ status: 501 });
    });

    it('stops reading a body that does not tell its length', async () => {
      const socket = connect(server.port, '127.0.0.1');
      const head = [
        'POST /x?Cmd=FolderSync&DeviceId=d&DeviceType=t HTTP/1.1',
        'Host: x',
        `Authorization: ${basic('anna:secret')}`,
        'MS-ASProtocolVersion: 14.1',
        'Transfer-Encoding: chunked',
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      for (let sent = 0; sent < 4; sent++) socket.write(`1000\r\n${'x'.repeat(0x1000)}\r\n`);
      socket.write('0\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(answer.toString()).to.match(/^HTTP\/1.1 413 /);
    });

    it('lives on when a connection ends in the body', async () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(
        `POST /x?Cmd=FolderSync&DeviceId=d&DeviceType=t HTTP/1.1\r\nHost: x\r\nMS-ASProtocolVersion: 14.1\r\n` +
          `Authorization: ${basic('anna:secret')}\r\nContent-Length: 100\r\n\r\nabc`,
      );
      await once(socket, 'connect');
      socket.destroy();
      expect((await send({ body: hierarchy })).status).to.equal(200);
    });
  });

  describe('refusals', () => {
    it('of a gate become 449 for old devices and a status for new ones', async () => {
      gates.push({ check: () => Promise.reject(new Refused('DEVICE_NOT_PROVISIONED', 'no key')) });
      const recent = await send({ body: hierarchy });
      expect(recent.status).to.equal(200);
      expect(told(recent)).to.deep.equal(['Status 142']);
      const old = await send({ version: '12.1', body: hierarchy });
      expect(old).to.deep.include({ status: 449, body: Buffer.alloc(0) });
      expect(sessions.disposed).to.equal(2);
    });

    it('send a user to another server before a password is looked at', async () => {
      const { status, headers } = await send({ login: 'bob@elsewhere.example:x', body: hierarchy });
      expect(status).to.equal(451);
      expect(headers['x-ms-location']).to.equal('https://other.example/Microsoft-Server-ActiveSync');
    });

    it('ask to come back when the groupware is away', async () => {
      sessions.failure = new GroupwareError('UNAVAILABLE', 'connection refused', { retryAfter: 20_000 });
      const { status, headers, body } = await send({ body: hierarchy });
      expect([status, headers['retry-after'], body.length]).to.deep.equal([503, '20', 0]);
    });

    it('say nothing of a bug but that there was one', async () => {
      behaviour = () => {
        throw new TypeError('secret detail');
      };
      const reply = await send({ body: hierarchy });
      expect(told(reply)).to.deep.equal(['Status 6']);
      expect(lines.at(-1)).to.deep.include({ level: 'error', message: 'request failed' });
      const ping = await send({ command: 'Ping', version: '12.1' });
      expect(ping).to.deep.include({ status: 500, body: Buffer.alloc(0) });
      expect(lines.at(-1)).to.deep.include({ level: 'error', message: 'request failed' });
      expect(lines.at(-1)?.fields['error']).to.be.instanceOf(TypeError);
    });

    it("make no device of Android's check of an account", async () => {
      const query = 'Cmd=FolderSync&DeviceId=validate&DeviceType=Android';
      expect(told(await send({ query, body: hierarchy }))).to.deep.equal(['Status 6']);
      expect(await send({ query, body: hierarchy, login: 'anna:wrong' })).to.include({ status: 401 });
      expect(sessions.opened).to.deep.equal([]);
    });
  });

  it('never logs a password or what belongs to the user', async () => {
    behaviour = () =>
      element(
        FolderHierarchy.FolderSync,
        element(FolderHierarchy.SyncKey, 'key7'),
        element(FolderHierarchy.DisplayName, 'Diary of Anna'),
      );
    await send({ body: hierarchy });
    const document = encode(
      element(
        ComposeMail.SendMail,
        element(ComposeMail.ClientId, 'c1'),
        element(ComposeMail.Mime, Buffer.from('Dear Bob')),
      ),
    );
    await send({ command: 'SendMail', body: document });
    const all = JSON.stringify(lines);
    expect(all).to.include('key7');
    for (const secret of ['secret', 'Diary', 'Dear Bob', Buffer.from('Dear Bob').toString('base64')]) {
      expect(all).not.to.include(secret);
    }
  });
});

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
