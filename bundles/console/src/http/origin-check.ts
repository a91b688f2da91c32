import type { Context } from 'koa';
import { ConsoleError } from '../console-error';
import type { ConsoleAddress } from './console-address';

/**
 * A page whose name leads to this machine is not the console.
 *
 * @throws ConsoleError FOREIGN
 */
export function checkHost({ headers }: Context, { hosts }: ConsoleAddress): void {
  const host = (headers.host ?? '').toLowerCase();
  if (!hosts.has(host)) throw new ConsoleError('FOREIGN', `asked for ${host.slice(0, 100)}: set console.url`);
}

/**
 * A request that another site sent is refused. Browsers say where a request comes from, in Sec-Fetch-Site and in Origin; a
 * program that says neither has no cookie of a victim to misuse.
 *
 * @throws ConsoleError FOREIGN
 */
export function checkOrigin({ headers }: Context, { origin, hosts }: ConsoleAddress): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new ConsoleError('FOREIGN', `sent from elsewhere (${site})`);
  const given = headers.origin;
  if (given === undefined || given === origin) return;
  if (!URL.canParse(given) || !hosts.has(new URL(given).host)) {
    throw new ConsoleError('FOREIGN', `sent from ${given.slice(0, 100)}`);
  }
}
