import type { Context } from 'koa';
import type { ConsoleAddress } from '../http/console-address';

/** Cookies know no ports: two consoles on one machine have names of their own. */
function nameOf({ origin, isSecure }: ConsoleAddress): string {
  const { port } = new URL(origin);
  return `${isSecure ? '__Host-' : ''}oxtender_console${port === '' ? '' : `_${port}`}`;
}

export function readSessionId(context: Context, address: ConsoleAddress): string | undefined {
  return context.cookies.get(nameOf(address));
}

/** @param id - undefined takes the cookie away */
export function writeSessionId(context: Context, address: ConsoleAddress, id: string | undefined): void {
  // The connection is that of a proxy: whether the browser's is safe, console.url says.
  context.cookies.secure = address.isSecure;
  context.cookies.set(nameOf(address), id ?? '', {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: address.isSecure,
    overwrite: true,
    ...(id === undefined && { expires: new Date(0) }),
  });
}
