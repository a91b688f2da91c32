import { type ChangeNotice, type Clock, GroupwareError, type Logger } from '@oxtender/bundle-api';
import { WebSocket } from 'ws';
import type { OxClient } from '../http/ox-client';
import type { OxAccount } from '../session/ox-account';
import { type PushMessage, noticesOf } from './push-message';
import type { NoticeSource } from './watcher';

/** Packet types of Engine.IO 3, and the event of Socket.IO inside its message. */
const packet = { open: '0', ping: '2', event: '42' } as const;

/** Milliseconds until the first attempt to connect again; each doubles the time, up to the longest. */
const firstPause = 2_000;
const longestPause = 300_000;

/** Milliseconds between pings when the server does not say. */
const defaultPing = 25_000;

/** Answers to an attempt that no later attempt will change: the server has no web sockets. */
const noWebSockets = /Unexpected server response: (?:400|404|405|501)/;

/** Hears of new mails and of appointments by a web socket, where the server offers one (7.8.3 and later). */
export class WebSocketSource implements NoticeSource {
  readonly #stop = new AbortController();
  #socket: WebSocket | undefined;
  #timer: Disposable | undefined;
  #pings: Disposable | undefined;
  #pause = firstPause;
  /** Since the last ping, which the server answers. */
  #hasHeard = true;

  constructor(
    private readonly client: OxClient,
    private readonly services: { readonly clock: Clock; readonly log: Logger },
  ) {}

  start(tell: (notice: ChangeNotice) => void): void {
    this.#connect(tell);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#timer?.[Symbol.dispose]();
    this.#pings?.[Symbol.dispose]();
    this.#socket?.terminate();
  }

  #connect(tell: (notice: ChangeNotice) => void): void {
    const { url, headers } = addressOf(this.client.account);
    const socket = new WebSocket(url, { headers, handshakeTimeout: 10_000 });
    this.#socket = socket;
    let isOffered = true;
    socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8'), tell));
    socket.on('error', (error) => {
      isOffered = !noWebSockets.test(error.message);
      this.services.log.debug('web socket of OX failed', { error });
    });
    socket.on('close', () => {
      this.#pings?.[Symbol.dispose]();
      if (isOffered) this.#connectLater(tell);
    });
  }

  /** A session that is gone is renewed by the first call that finds it so. */
  #connectLater(tell: (notice: ChangeNotice) => void): void {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    this.#timer = this.services.clock.setTimeout(() => {
      const alive = this.client.call({ module: 'config/currentTime' }, { signal });
      void alive.then(
        () => !signal.aborted && this.#connect(tell),
        (error: unknown) => {
          if (error instanceof GroupwareError && error.code === 'UNAVAILABLE') this.#connectLater(tell);
        },
      );
    }, this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }

  #receive(text: string, tell: (notice: ChangeNotice) => void): void {
    this.#hasHeard = true;
    if (text.startsWith(packet.open)) this.#greet(text.slice(1), tell);
    if (!text.startsWith(packet.event)) return;
    const message = eventOf(text.slice(packet.event.length));
    if (message) for (const notice of noticesOf(message)) tell(notice);
  }

  #greet(handshake: string, tell: (notice: ChangeNotice) => void): void {
    // What happened while nobody listened was not pushed to anybody.
    if (this.#pause > firstPause) tell({});
    this.#pause = firstPause;
    const { pingInterval = defaultPing } = (parse(handshake) ?? {}) as { pingInterval?: number };
    this.#pings?.[Symbol.dispose]();
    this.#pings = this.services.clock.setInterval(() => this.#ping(), pingInterval);
  }

  /** Of a connection that is dead at the other end only, nothing else would tell. */
  #ping(): void {
    if (this.#hasHeard) this.#socket?.send(packet.ping);
    else this.#socket?.terminate();
    this.#hasHeard = false;
  }
}

/** The socket is at the root of the server, with the session and its cookies. */
function addressOf({ login }: OxAccount): { url: string; headers: Record<string, string> } {
  const url = new URL('/socket.io/', login.node.url.replace(/^http/, 'ws'));
  url.search = new URLSearchParams({ session: login.session, EIO: '3', transport: 'websocket' }).toString();
  return { url: url.href, headers: login.headers() };
}

/** `["name", argument, ...]`, or the whole message as one object. */
function eventOf(text: string): PushMessage | undefined {
  const value = parse(text);
  if (Array.isArray(value) && typeof value[0] === 'string')
    return { name: value[0], args: value.slice(1) as unknown[] };
  if (typeof value !== 'object' || value === null || !('name' in value) || !('args' in value)) return undefined;
  return typeof value.name === 'string' && Array.isArray(value.args) ? (value as PushMessage) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not for this client, whatever it is.
    return undefined;
  }
}
