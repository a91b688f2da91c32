import type { Context } from 'koa';
import { matches } from '../device/policy';
import { AutodiscoverError } from './autodiscover-error';

/** `https://mail.example.com` or `http://[::1]:8080`: nothing else may come out of a header into an address. */
const hostSyntax = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Where devices reach this server: what the operator says, else by what the request came. koa heeds X-Forwarded-Host and
 * X-Forwarded-Proto when the host trusts its proxy.
 *
 * @throws AutodiscoverError INVALID_REQUEST
 */
export function serverAddress(context: Context, configured: string): string {
  if (configured !== '') return configured.replace(/\/+$/, '');
  if (!hostSyntax.test(context.host)) throw new AutodiscoverError('INVALID_REQUEST', 'no usable Host header');
  return `${context.protocol}://${context.host}`;
}

/** Did the request come to another name, or without TLS, than the operator gave out? */
export function isElsewhere(context: Context, address: string): boolean {
  return address.toLowerCase() !== `${context.protocol}://${context.host}`.toLowerCase();
}

/** An address has one local part and one domain. */
export function isAddress(text: string): boolean {
  return text.length <= 256 && /^[^\s@<>]+@[^\s@<>/]+$/.test(text);
}

/**
 * The target of the first rule `address pattern=target` that an address matches. A rule without `@` names a domain.
 */
export function redirectOf(address: string, rules: readonly string[]): string | undefined {
  for (const rule of rules) {
    const equals = rule.indexOf('=');
    const pattern = rule.slice(0, equals).trim();
    if (matches(address, pattern.includes('@') ? pattern : `*@${pattern}`)) return rule.slice(equals + 1).trim();
  }
  return undefined;
}

/** `@other.example` keeps what stands before the `@`. */
export function movedAddress(address: string, target: string): string {
  return target.startsWith('@') ? address.slice(0, address.indexOf('@')) + target : target;
}
