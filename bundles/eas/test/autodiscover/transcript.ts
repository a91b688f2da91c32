import { type Credentials, GroupwareError, type Logger } from '@oxtender/bundle-api';
import { MemoryGroupware } from '@oxtender/bundle-api/testing';
import Koa from 'koa';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Autodiscover } from '../../src/autodiscover/autodiscover';
import type { EasConfig } from '../../src/config';
import { config } from '../commands/scripted-call';

/** Written as in HTTP: a line, headers, an empty line, the body. */
export interface TextMessage {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers that differ from run to run, or that Node writes. */
const hidden = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'vary']);
const silent = new Proxy({} as Logger, { get: () => () => undefined });
const basic = (login: string, password: string) =>
  `Basic ${Buffer.from(`${login}:${password}`, 'utf8').toString('base64')}`;

/** What transcripts write in place of a header value. */
const people: Readonly<Record<string, string>> = {
  anna: basic('anna@example.com', 'secret'),
  'anna, wrong password': basic('anna@example.com', 'guess'),
  'out of order': basic('broken@example.com', 'secret'),
  locked: basic('locked@example.com', 'secret'),
  expired: basic('expired@example.com', 'secret'),
};

/** Configurations that transcripts call by name. */
export const worlds: Readonly<Record<string, Partial<EasConfig>>> = {
  plain: {},
  'address given': { 'com.openexchange.usm.eas.autodiscover.url': 'https://mail.example.com' },
  redirects: {
    'com.openexchange.usm.eas.autodiscover.redirect': [
      'moved.example=https://other.example',
      'placed.example=https://other.example/own/place.xml',
      'renamed.example=@new.example',
      'boss@example.com=boss@new.example',
    ],
    'com.openexchange.usm.eas.redirect': ['*@far.example=https://far.example/Microsoft-Server-ActiveSync'],
  },
};

/** Serves Autodiscover as the host does: behind a trusted proxy, with a signal and an id for every request. */
export async function serveAutodiscover(world: Partial<EasConfig>, log: Logger = silent) {
  const groupware = new MemoryGroupware();
  groupware.addUser({ login: 'anna@example.com', displayName: 'Änna <"Miller"> & Co' });
  const app = new Koa({ proxy: true });
  app.silent = true;
  app.use(async (context, next) => {
    Object.assign(context.state, { signal: new AbortController().signal, requestId: 'r1' });
    await next();
  });
  const login = async (credentials: Credentials, options: Parameters<typeof groupware.login>[1]) => {
    if (credentials.login.startsWith('broken')) throw new GroupwareError('UNAVAILABLE', 'no answer');
    if (credentials.login.startsWith('locked')) throw new GroupwareError('NOT_ALLOWED', 'locked');
    if (credentials.login.startsWith('expired')) throw new GroupwareError('PASSWORD_EXPIRED', 'expired');
    return groupware.login(credentials, options);
  };
  const autodiscover = new Autodiscover({
    bridge: { name: 'memory', login },
    config: { ...config, ...world },
    clock: { now: () => Date.UTC(2026, 10, 22, 12, 30) } as ConstructorParameters<typeof Autodiscover>[0]['clock'],
    log,
  });
  app.use(autodiscover.middleware);
  const handle = app.callback();
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    groupware,
    async send({ line, headers, body }: TextMessage): Promise<TextMessage> {
      const [method = '', path = ''] = line.split(' ');
      const given = Object.entries(headers).map(([name, value]) => [name, people[value] ?? value]);
      const outgoing = request({
        port,
        method,
        path,
        agent: false,
        headers: Object.fromEntries(given) as Record<string, string>,
      });
      outgoing.end(body);
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const shown = Object.entries(response.headers).filter(([name]) => !hidden.has(name));
      return {
        line: String(response.statusCode),
        headers: Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks).toString('utf8'),
      };
    },
    async close(): Promise<void> {
      server.close();
      await once(server, 'close');
    },
  };
}

export interface TextTranscript {
  readonly head: string;
  readonly world: string;
  readonly requests: readonly TextMessage[];
}

export function parseTextTranscript(text: string): TextTranscript {
  const [head = '', ...blocks] = text.split(/^(?=>>> |<<< )/m);
  const world = /^World: (.*)$/m.exec(head)?.[1] ?? '';
  const requests = blocks.filter((block) => block.startsWith('>>> ')).map((block) => parseMessage(block.slice(4)));
  return { head: head.trim(), world, requests };
}

export function printTextTranscript(head: string, exchanges: readonly (readonly [TextMessage, TextMessage])[]): string {
  const blocks = exchanges.flatMap(([asked, answered]) => [`>>> ${print(asked)}`, `<<< ${print(answered)}`]);
  return `${head}\n\n${blocks.join('\n')}`;
}

function parseMessage(block: string): TextMessage {
  const [head = '', ...body] = block.trim().split('\n\n');
  const [line = '', ...headers] = head.split('\n');
  const pairs = headers.map((header) => header.split(/: (.*)/s).slice(0, 2));
  return { line, headers: Object.fromEntries(pairs) as Record<string, string>, body: body.join('\n\n') };
}

function print({ line, headers, body }: TextMessage): string {
  const head = [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n');
  return body === '' ? `${head}\n` : `${head}\n\n${body.trim()}\n`;
}
