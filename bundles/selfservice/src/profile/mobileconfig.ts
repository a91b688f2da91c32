import { createHash } from 'node:crypto';
import { build } from 'plist';
import type { PhoneAccount } from '../session/setup-links';

export interface ProfileServer {
  /** Name, with the port if it is not the usual one. */
  readonly host: string;
  readonly isSecure: boolean;
}

export interface ProfileTexts {
  /** Shown as the account's name on the device. */
  readonly title: string;
  readonly description: string;
  readonly organization: string;
}

/**
 * An Apple configuration profile with one Exchange account. Apple, "Device Management", payload
 * `com.apple.eas.account`. The password is not in it: the device asks for it. Identifiers stay the same for the same
 * account on the same server, so that a profile that is installed again replaces the first.
 */
export function mobileConfig(account: PhoneAccount, server: ProfileServer, texts: ProfileTexts): string {
  const identity = `${server.host.toLowerCase()}/${account.login.toLowerCase()}`;
  const identifier = `oxtender.${reversed(server.host)}`;
  const organization = texts.organization === '' ? {} : { PayloadOrganization: texts.organization };
  const exchange = {
    PayloadType: 'com.apple.eas.account',
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.eas.${uuid('identifier', identity)}`,
    PayloadUUID: uuid('account', identity),
    PayloadDisplayName: texts.title,
    ...organization,
    EmailAddress: account.address,
    Host: server.host,
    SSL: server.isSecure,
    UserName: account.login,
  };
  return build({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.${uuid('identifier', identity)}`,
    PayloadUUID: uuid('profile', identity),
    PayloadDisplayName: texts.title,
    PayloadDescription: texts.description,
    ...organization,
    PayloadRemovalDisallowed: false,
    PayloadContent: [exchange],
  });
}

/** `mail.example.com:8443` → `com.example.mail`. */
function reversed(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/[^a-z0-9.-]/gi, '')
    .split('.')
    .reverse()
    .join('.');
}

/** RFC 9562 "UUID Version 8": from a hash, always the same for the same text. */
function uuid(kind: string, identity: string): string {
  const hex = createHash('sha256').update(`${kind}\0${identity}`).digest('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return groups.join('-').toUpperCase();
}
