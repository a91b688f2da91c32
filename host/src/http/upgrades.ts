import type { Bundle, BundleContext, Logger } from '@oxtender/bundle-api';
import { HttpUpgrade } from '@oxtender/bundle-api';
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type LiveService, LiveServices } from '../tracking/live-services';
import { isBelow, joinPaths, pathsOf } from './publication';

export interface UpgradesOptions {
  readonly log: (bundle: Bundle) => Logger;
  /** Whether the path is that of a bundle that does not serve it now (rule H9). */
  readonly isReserved: (path: string) => boolean;
  /** Seconds in Retry-After of a 503. */
  readonly retryAfter: number;
}

/** Hands connections that ask for an upgrade to the bundle that serves their path, longest path first. */
export class Upgrades {
  readonly #sockets = new Map<Duplex, Bundle>();
  readonly #paths = new Map<LiveService<HttpUpgrade>, readonly string[]>();

  constructor(private readonly options: UpgradesOptions) {}

  open(context: BundleContext): Disposable {
    const note = (live: LiveService<HttpUpgrade>): void => void this.#paths.set(live, pathsOrNone(live));
    return new LiveServices(context, HttpUpgrade, {
      added: note,
      changed: note,
      removed: (live) => void this.#paths.delete(live),
    });
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const match = this.#find(path);
    const service = match?.live.service;
    const bundle = match?.live.reference.bundle;
    if (!service || !bundle) {
      const { isReserved, retryAfter } = this.options;
      if (isReserved(path)) refuse(socket, '503 Service Unavailable', `Retry-After: ${retryAfter}`);
      else refuse(socket, '404 Not Found');
      return;
    }
    this.#sockets.set(socket, bundle);
    socket.once('close', () => this.#sockets.delete(socket));
    const rest = (request.url ?? '/').slice(match.path.length);
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    // A handler may wait, though nobody asks for its promise.
    const upgrade: (...of: Parameters<HttpUpgrade['upgrade']>) => unknown = service.upgrade.bind(service);
    const written = writtenTo(socket);
    const failed = (error: unknown): void => {
      this.options.log(bundle).error('the upgrade of a connection failed: it is closed', { path, error });
      if (writtenTo(socket) === written) refuse(socket, '500 Internal Server Error');
      else socket.destroy(); // the handler has answered
    };
    try {
      const pending = upgrade(request, socket, head);
      if (pending instanceof Promise) pending.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  /** A WebSocket has no end of its own: its bundle's stop ends it. */
  drain(bundle: Bundle): void {
    for (const [socket, owner] of this.#sockets) if (owner === bundle) socket.destroy();
  }

  closeAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /** Paths that do not begin with a slash are served by nobody; `oxtender http` tells. */
  #find(path: string): { live: LiveService<HttpUpgrade>; path: string } | undefined {
    let best: { live: LiveService<HttpUpgrade>; path: string } | undefined;
    for (const [live, paths] of this.#paths) {
      for (const each of paths)
        if (isBelow(path, each) && each.length >= (best?.path.length ?? 0)) best = { live, path: each };
    }
    return best;
  }
}

/** Bytes, with those of earlier requests on the same connection. */
const writtenTo = (socket: Duplex): number => (socket instanceof Socket ? socket.bytesWritten : 0);

/** Answers and closes: also what the client still sends is not waited for. */
function refuse(socket: Duplex, status: string, ...headers: string[]): void {
  const lines = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Length: 0', ...headers, '', ''];
  socket.end(lines.join('\r\n'), () => socket.destroy());
}

function pathsOrNone(live: LiveService<unknown>): string[] {
  try {
    return pathsOf(live).map((path) => joinPaths('/', path));
  } catch {
    return [];
  }
}
