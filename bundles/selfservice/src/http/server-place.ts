import type { Context } from 'koa';
import { PageError } from '../page-error';

/** Nothing but a name and a port may come out of a header into a page, a profile or a QR code. */
const hostSyntax = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Where phones reach this server. */
export interface ServerPlace {
  /** `https://mail.example.com`. */
  readonly origin: string;
  /** With the port, if it is not the usual one. */
  readonly host: string;
  readonly isSecure: boolean;
}

/** What the operator says, else how the page was reached. @throws PageError INVALID */
export function serverPlace(context: Context, configured: string): ServerPlace {
  if (configured === '' && !hostSyntax.test(context.host)) throw new PageError('INVALID', 'no usable Host header');
  const { origin, host, protocol } = new URL(configured === '' ? `${context.protocol}://${context.host}` : configured);
  return { origin, host, isSecure: protocol === 'https:' };
}
