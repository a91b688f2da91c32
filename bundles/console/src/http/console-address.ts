import { isIP } from 'node:net';
import type { ConsoleConfig } from '../config';

/** How browsers reach the console. */
export interface ConsoleAddress {
  /** `http://127.0.0.1:8380`, without a slash at the end. */
  readonly origin: string;
  /** That is listened on; a proxy in front has its own. */
  readonly port: number;
  readonly isSecure: boolean;
  /** What may stand in the header Host: another name is that of a page that wants to be taken for us (DNS rebinding). */
  readonly hosts: ReadonlySet<string>;
}

/** @param port - the one that is listened on */
export function consoleAddress(config: ConsoleConfig, port: number): ConsoleAddress {
  const given = config['console.url'];
  const address = config['console.address'];
  const names = isLoopback(address) ? ['127.0.0.1', 'localhost', '[::1]', bracketed(address)] : [bracketed(address)];
  const hosts = new Set(names.map((name) => `${name}:${port}`));
  const url = new URL(given === '' ? `http://${bracketed(address)}:${port}` : given);
  hosts.add(url.host);
  return { origin: url.origin, port, isSecure: url.protocol === 'https:', hosts };
}

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);
