import {
  type Cancellable,
  GroupwareError,
  type GroupwareUser,
  isOxtenderError,
  type ItemClass,
} from '@oxtender/bundle-api';
import type { OxBody } from '../columns/column-table';
import type { OxClient } from '../http/ox-client';
import { isAtLeast, parseVersion } from './server-traits';

/** What is known of a user after the login. */
export interface UserProfile {
  readonly user: GroupwareUser;
  readonly classes: ReadonlySet<ItemClass>;
  /** Ids of OX's capabilities; undefined where the server has none (6.x). */
  readonly capabilities: ReadonlySet<string> | undefined;
  /** True when the user may choose folders for devices. */
  readonly folderChoice: boolean;
  /** Of the server, as it tells it: `7.10.2-Rev1`. */
  readonly version: string | undefined;
}

/** Capabilities that a class needs. OX HTTP API, "Capabilities". */
const capabilityOfClass: readonly (readonly [ItemClass, string])[] = [
  ['Email', 'webmail'],
  ['Contacts', 'contacts'],
  ['Calendar', 'calendar'],
  ['Tasks', 'tasks'],
];

/** Reads who the user is and what the user may, all at once. @throws GroupwareError NOT_ALLOWED */
export async function loadProfile(client: OxClient, login: string, options: Cancellable): Promise<UserProfile> {
  const { account } = client;
  const config = (path: string): Promise<unknown> => optional(client, `config/${path}`, undefined, options);
  const [user, capabilities, sendAddress, isAllowed, choice, version] = await Promise.all([
    optional(client, 'user', 'get', options),
    optional(client, 'capabilities', 'all', options),
    config('mail/sendaddress'),
    config('modules/com.openexchange.usm.eas/module'),
    config('folder/eas'),
    config('serverVersion'),
  ]);
  if (isAllowed === false) throw new GroupwareError('NOT_ALLOWED', 'the account may not use mobile devices');
  const ids = Array.isArray(capabilities)
    ? new Set(capabilities.map((one) => String((one as { id?: unknown }).id)))
    : undefined;
  learnVersion(client, version, ids);
  await learnCalendar(client, options);
  const { answer } = account.login;
  const [userId, contextId] = await Promise.all([
    answer.user_id ?? numberOf(config('identifier')),
    answer.context_id ?? numberOf(config('context_id')),
  ]);
  return {
    user: { contextId, userId, login, ...describe((user ?? {}) as OxBody, sendAddress, answer.locale) },
    classes: new Set(capabilityOfClass.filter(([, id]) => ids?.has(id) ?? true).map(([itemClass]) => itemClass)),
    capabilities: ids,
    folderChoice: account.environment.config['ox.folder_choice'] === 'auto' && choice !== undefined && choice !== null,
    version: typeof version === 'string' ? version : undefined,
  };
}

/** Where the version is not told, a server without capabilities is an old one. */
function learnVersion(client: OxClient, version: unknown, capabilities: ReadonlySet<string> | undefined): void {
  const { traits } = client.account;
  traits.taskMoments =
    typeof version === 'string' ? isAtLeast(parseVersion(version), [7, 6, 1]) : capabilities !== undefined;
}

/** Servers of version 8 may have the new calendar only. A UID that nobody has tells whether the old one answers. */
async function learnCalendar(client: OxClient, options: Cancellable): Promise<void> {
  const { traits, environment } = client.account;
  const { 'ox.calendar': wanted } = environment.config;
  if (wanted !== 'auto') traits.legacyCalendar = wanted === 'legacy';
  if (traits.legacyCalendar !== undefined) return;
  try {
    await client.call({ module: 'calendar', action: 'resolveuid', parameters: { uid: 'oxtender-probe' } }, options);
    traits.legacyCalendar = true;
  } catch (error) {
    if (!(error instanceof GroupwareError) || error.code === 'UNAVAILABLE') throw error;
    // A user without a calendar says nothing about the server.
    if (error.code !== 'PERMISSION' && error.code !== 'NOT_ALLOWED')
      traits.legacyCalendar = error.code !== 'UNSUPPORTED';
  }
}

function describe(
  data: OxBody,
  sendAddress: unknown,
  loginLocale: string | undefined,
): Pick<GroupwareUser, 'displayName' | 'primaryAddress' | 'addresses' | 'timeZone' | 'locale'> {
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  const primaryAddress = typeof sendAddress === 'string' && sendAddress !== '' ? sendAddress : text('email1');
  const aliases = Array.isArray(data['aliases']) ? (data['aliases'] as string[]) : [];
  const addresses = [...new Set([primaryAddress, text('email1'), ...aliases].filter(Boolean))];
  return {
    displayName: text('display_name') || primaryAddress,
    primaryAddress,
    addresses,
    timeZone: text('timezone') || 'UTC',
    locale: text('locale') || (loginLocale ?? 'en_US'),
  };
}

/** Not all versions have all modules and paths. */
async function optional(
  client: OxClient,
  module: string,
  action: string | undefined,
  options: Cancellable,
): Promise<unknown> {
  try {
    return (await client.call({ module, ...(action !== undefined && { action }) }, options)).data;
  } catch (error) {
    if (
      !(error instanceof GroupwareError) ||
      isOxtenderError(error, 'UNAVAILABLE', 'AUTHENTICATION', 'PASSWORD_EXPIRED')
    )
      throw error;
    return undefined;
  }
}

async function numberOf(value: Promise<unknown>): Promise<number> {
  const number = Number(await value);
  if (!Number.isInteger(number)) throw new GroupwareError('BROKEN_ANSWER', 'OX does not tell who the user is');
  return number;
}
