import type { Credentials } from '@oxtender/bundle-api';
import { BadRequest } from './bad-request';

/**
 * Reads `Authorization: Basic`. Most devices write UTF-8, Outlook writes ISO-8859-1: what is not UTF-8 is taken as that.
 *
 * @param domainPattern - how `DOMAIN\user` becomes a login name, with `$USER` and `$DOMAIN`: `$USER@$DOMAIN`
 * @throws BadRequest NO_CREDENTIALS
 */
export function parseCredentials(header: string | undefined, domainPattern: string): Credentials {
  const encoded = /^\s*basic\s+([\w+/=-]+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) throw new BadRequest('NO_CREDENTIALS', 'no Basic credentials');
  const text = decodeText(Buffer.from(encoded, 'base64'));
  const colon = text.indexOf(':');
  if (colon <= 0) throw new BadRequest('NO_CREDENTIALS', 'credentials without a user name');
  return { login: loginOf(text.slice(0, colon), domainPattern), password: text.slice(colon + 1) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/**
 * `user` and `user@domain` stay. A phone with an empty domain field sends `\user`, one on which both fields were filled in with
 * the whole address sends `DOMAIN\user@domain`.
 */
function loginOf(name: string, domainPattern: string): string {
  const backslash = name.indexOf('\\');
  if (backslash < 0) return name;
  const [domain, user] = [name.slice(0, backslash), name.slice(backslash + 1)];
  if (domain === '' || user.includes('@')) return user;
  return domainPattern.replaceAll(/\$(USER|DOMAIN)/g, (_, variable) => (variable === 'USER' ? user : domain));
}
