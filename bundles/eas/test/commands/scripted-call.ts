import type {
  CollectionSync,
  CollectionSyncRequest,
  DeviceRecord,
  DeviceRegistry,
  Logger,
  SyncFolder,
  SyncSession,
  WaitRequest,
  WaitResult,
} from '@oxtender/bundle-api';
import type { EasConfig } from '../../src/config';
import {
  type Answer,
  type Command,
  type CommandCall,
  type CommandClass,
  type CommandServices,
  LaterAnswer,
} from '../../src/protocol/command';
import { requestBodyOf } from '../../src/protocol/request-body';
import { readDocument } from '../../src/protocol/schema';
import type { ProtocolVersion } from '../../src/protocol/versions';
import { Element, decode, encode } from '../../src/wbxml';
import { MemoryAppliedMails } from '../meetings/memory-applied-mails';
import { MemoryUidMapping } from '../uids/memory-uid-mapping';

export const config: EasConfig = {
  'com.openexchange.usm.eas.alias': '/Microsoft-Server-ActiveSync',
  'com.openexchange.usm.eas.login_pattern.domain_user': '$USER@$DOMAIN',
  'com.openexchange.usm.eas.mail.time_limit': 0,
  'com.openexchange.usm.eas.ping.min_heartbeat': 60,
  'com.openexchange.usm.eas.ping.max_heartbeat': 3540,
  'com.openexchange.usm.eas.max_collections': 3,
  'com.openexchange.usm.eas.meetings.process_mails': true,
  'com.openexchange.usm.eas.max_folders': 8,
  'com.openexchange.usm.eas.devices.allowed': [],
  'com.openexchange.usm.eas.max_request_size': 10_000,
  'com.openexchange.usm.eas.throttle.requests_per_minute': 0,
  'com.openexchange.usm.eas.throttle.repeated_failures': 0,
  'com.openexchange.usm.eas.policy.required': true,
  'com.openexchange.usm.eas.policy.settings': ['MinDevicePasswordLength=6'],
  'com.openexchange.usm.eas.policy.users': ['boss@*:MinDevicePasswordLength=8'],
  'com.openexchange.usm.eas.policy.exempt_devices': [],
  'com.openexchange.usm.eas.policy.allow_partial': false,
  'com.openexchange.usm.eas.redirect': [],
  'com.openexchange.usm.eas.autodiscover.url': '',
  'com.openexchange.usm.eas.autodiscover.redirect': [],
  'com.openexchange.usm.eas.autodiscover.credential_url': 'https://mail.example.com/password',
  'com.openexchange.usm.eas.certificates.people': '',
  'com.openexchange.usm.eas.certificates.authorities': [],
  'com.openexchange.usm.eas.certificates.revocation_lists': [],
  'com.openexchange.usm.eas.wire_log': false,
};

const rights = {
  read: 'all',
  write: 'all',
  delete: 'all',
  createItems: true,
  createFolders: true,
  admin: true,
} as const;

/** Folders that every scripted session has. */
export const folders: readonly SyncFolder[] = (
  [
    ['F1', 'Email', 'Inbox', 'inbox'],
    ['F2', 'Contacts', 'Contacts', 'contacts'],
    ['F3', 'Calendar', 'Calendar', 'calendar'],
    ['F4', 'Tasks', 'Tasks', 'tasks'],
    ['F5', 'Notes', 'Notes', 'notes'],
    ['F6', 'Calendar', 'Team', undefined],
  ] as const
).map(([collectionId, itemClass, name, role]) => ({
  collectionId,
  id: collectionId,
  itemClass,
  name,
  rights,
  space: role ? 'private' : 'shared',
  subscribed: true,
  ...(role ? { role } : { owner: 'Bob Smith' }),
}));

const silent = new Proxy({} as Logger, { get: (_, name) => (name === 'child' ? () => silent : () => undefined) });

/** A session whose answers the test writes, and whose fields and calls it can look at. */
export class ScriptedSession {
  readonly fields = new Map<string, string>();
  readonly synced: CollectionSyncRequest[] = [];
  readonly waited: WaitRequest[] = [];
  device: DeviceRecord = {
    contextId: 1,
    userId: 3,
    protocol: 'eas',
    deviceId: 'D1',
    login: 'anna@example.com',
    type: 'test',
    firstSeen: 0,
    lastSeen: 0,
    access: 'allowed',
    information: {},
  };
  onSync: (request: CollectionSyncRequest) => Partial<CollectionSync> = () => ({});
  onWait: (request: WaitRequest) => Promise<WaitResult> = () =>
    Promise.resolve({ reason: 'timeout', collections: [], hierarchy: false });
  /** Methods beyond those above. */
  more: Partial<SyncSession> = {};

  /** A session as the commands see it. */
  get session(): SyncSession {
    return {
      user: {
        contextId: 1,
        userId: 3,
        login: 'anna@example.com',
        displayName: 'Anna Miller',
        primaryAddress: 'anna@example.com',
        addresses: ['anna@example.com'],
        timeZone: 'Europe/Berlin',
        locale: 'de_DE',
      },
      device: this.device,
      groupware: {},
      fields: {
        get: (name: string) => this.fields.get(name),
        set: (values: Record<string, string | undefined>) => {
          for (const [name, value] of Object.entries(values)) {
            if (value === undefined) this.fields.delete(name);
            else this.fields.set(name, value);
          }
          return Promise.resolve();
        },
      },
      folders: () => Promise.resolve(folders),
      sync: async (request: CollectionSyncRequest) => {
        this.synced.push(request);
        const folder = folders.find(({ collectionId }) => collectionId === request.collectionId);
        return Promise.resolve({
          syncKey: request.syncKey,
          itemClass: folder?.itemClass ?? 'Email',
          results: (request.changes ?? []).map(() => ({ status: 'done' as const })),
          changes: [],
          moreAvailable: false,
          ...this.onSync(request),
        });
      },
      wait: (request: WaitRequest) => {
        this.waited.push(request);
        return this.onWait(request);
      },
      [Symbol.dispose]: () => undefined,
      ...this.more,
    } as unknown as SyncSession;
  }
}

/** Keys of one session of services: 1001, 1002 and so on. */
const firstPolicyKey = 1001;

/** What commands are built from, over a registry that notes what it is told. */
export function services(
  devices: Partial<DeviceRegistry> = {},
  draining: CommandServices['draining'] = new AbortController().signal,
): CommandServices {
  let nextPolicyKey = firstPolicyKey;
  return {
    config,
    clock: { now: () => Date.UTC(2026, 10, 22, 12, 30) } as CommandServices['clock'],
    devices: {
      setInformation: () => Promise.resolve(),
      recordWipe: () => Promise.resolve(),
      ...devices,
    } as DeviceRegistry,
    draining,
    uids: new MemoryUidMapping(),
    appliedMails: new MemoryAppliedMails(),
    newPolicyKey: () => String(nextPolicyKey++),
  };
}

/** Executes a command as the endpoint does: request and answer go through the codec. */
export async function execute(
  Class: CommandClass,
  request: Element | undefined,
  scripted: ScriptedSession,
  options: { version?: ProtocolVersion; command?: Command; policyKey?: number; signal?: CommandCall['signal'] } = {},
): Promise<Element | undefined> {
  const { descriptor } = Class;
  const { version = '16.1', signal = new AbortController().signal } = options;
  const command = options.command ?? new Class(services());
  const { document } = requestBodyOf(descriptor.request);
  const read =
    request && document && descriptor.root ? readDocument(encode(request), descriptor.root, document) : undefined;
  const call = {
    command: descriptor.name,
    version,
    device: { id: 'D1', type: 'test' },
    session: scripted.session,
    policyKey: options.policyKey,
    acceptMultiPart: false,
    parameters: {},
    languages: [],
    signal,
    requestId: 'r1',
    log: silent,
  } as unknown as CommandCall;
  const given = await command.execute(read, call);
  const answer: Answer = given instanceof LaterAnswer ? await given.answer : given;
  return answer instanceof Element ? decode(encode(answer)) : undefined;
}
