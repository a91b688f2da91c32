import type { Context } from 'koa';
import { PageError } from '../page-error';

/**
 * A form that another site sent is refused. Browsers say where a request comes from: newer ones in Sec-Fetch-Site, all in
 * Origin; a program that says neither has no cookie of a victim to misuse.
 *
 * @throws PageError FORBIDDEN
 */
export function checkOrigin({ headers, host }: Context): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site !== 'same-origin') throw new PageError('FORBIDDEN', `a form sent from elsewhere (${site})`);
    return;
  }
  const { origin } = headers;
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
    throw new PageError('FORBIDDEN', `a form sent from ${origin.slice(0, 100)}; is host.http.proxy set?`);
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
