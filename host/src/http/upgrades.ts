import type { Bundle, BundleContext } from '@oxtender/bundle-api';
import { HttpUpgrade } from '@oxtender/bundle-api';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type LiveService, LiveServices } from '../tracking/live-services';
import { isBelow, joinPaths, pathsOf } from './publication';

/** Hands connections that ask for an upgrade to the bundle that serves their path, longest path first. */
export class Upgrades {
  readonly #sockets = new Map<Duplex, Bundle>();
  readonly #paths = new Map<LiveService<HttpUpgrade>, readonly string[]>();

  open(context: BundleContext): Disposable {
    const note = (live: LiveService<HttpUpgrade>): void => void this.#paths.set(live, pathsOrNone(live));
    return new LiveServices(context, HttpUpgrade, {
      added: note,
      changed: note,
      removed: (live) => void this.#paths.delete(live),
    });
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const match = this.#find(path);
    const bundle = match?.live.reference.bundle;
    if (!match?.live.service || !bundle) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.set(socket, bundle);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const rest = (request.url ?? '/').slice(match.path.length);
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    match.live.service.upgrade(request, socket, head);
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

function pathsOrNone(live: LiveService<unknown>): string[] {
  try {
    return pathsOf(live).map((path) => joinPaths('/', path));
  } catch {
    return [];
  }
}
