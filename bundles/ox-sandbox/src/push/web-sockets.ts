import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpUpgrade } from '@oxtender/bundle-api';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Session, Sessions } from '../session/sessions';
import type { PushChannel, PushMessage } from './push';

/** Packet types of Engine.IO 3. */
const Packet = { open: '0', ping: '2', pong: '3', message: '4' } as const;

/** Packet types of Socket.IO inside an Engine.IO message. */
const connect = '0';
const event = '2';

/** Milliseconds that clients are asked to ping in, and after which they may give the connection up. */
const handshake = { upgrades: [], pingInterval: 25_000, pingTimeout: 60_000 };

const normalClosure = 1001;

/**
 * The web socket of the push service: `/socket.io/?session=...&EIO=3&transport=websocket`, with the cookies and the
 * User-Agent of the session.
 */
export class WebSockets implements HttpUpgrade, PushChannel, Disposable {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #open = new Map<WebSocket, Session>();

  constructor(private readonly sessions: Sessions) {}

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const session = this.#sessionOf(request, query.get('session') ?? '');
    if (!session || query.get('transport') !== 'websocket') {
      socket.end(
        `HTTP/1.1 ${session ? '400 Bad Request' : '403 Forbidden'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, session));
  }

  push(user: { context: number; id: number }, { name, args }: PushMessage): void {
    const packet = Packet.message + event + JSON.stringify([name, ...args]);
    for (const [socket, session] of this.#open) {
      if (session.user.id !== user.id || session.context.id !== user.context) continue;
      if (this.sessions.get(session.id)) socket.send(packet);
      else socket.close(normalClosure);
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#open.keys()) socket.terminate();
    this.#server.close();
  }

  #accept(socket: WebSocket, session: Session): void {
    this.#open.set(socket, session);
    socket.once('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
      if (text.startsWith(Packet.ping)) socket.send(Packet.pong + text.slice(1));
    });
    socket.send(Packet.open + JSON.stringify({ sid: randomUUID(), ...handshake }));
    socket.send(Packet.message + connect);
  }

  #sessionOf(request: IncomingMessage, id: string): Session | undefined {
    const cookies = new Map(
      (request.headers.cookie ?? '').split(/;\s*/).map((cookie) => {
        const equals = cookie.indexOf('=');
        return [cookie.slice(0, equals), cookie.slice(equals + 1)] as const;
      }),
    );
    const userAgent = request.headers['user-agent'] ?? '';
    const session = this.sessions.get(id);
    if (!session) return undefined;
    return cookies.get(this.sessions.secretCookie(userAgent, session.client)) === session.secret ? session : undefined;
  }
}
