import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What a proxy says of the client. */
const forwarded = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const;

/** Takes away what only a proxy may say from requests that come from somebody else. */
export class TrustedProxies {
  readonly #addresses = new BlockList();
  /** By connection, which a proxy uses for many requests. */
  readonly #known = new WeakMap<object, boolean>();

  /** @param addresses - of proxies: `127.0.0.1`, `10.0.0.0/8`, `::1` @throws Error for one that is none */
  constructor(addresses: readonly string[]) {
    for (const text of addresses) {
      const [address = '', prefix] = text.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#addresses.addAddress(address, family);
      else this.#addresses.addSubnet(address, Number(prefix), family);
    }
  }

  clean(request: IncomingMessage): void {
    const { socket } = request;
    let trusted = this.#known.get(socket);
    if (trusted === undefined) this.#known.set(socket, (trusted = this.#trusts(socket.remoteAddress)));
    if (trusted) return;
    for (const name of forwarded) request.headers[name] = undefined;
  }

  #trusts(remoteAddress: string | undefined): boolean {
    // As a socket for both families writes IPv4.
    const address = remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? '';
    const family = isIP(address);
    return family !== 0 && this.#addresses.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}
