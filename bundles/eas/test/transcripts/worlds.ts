import {
  type Appointment,
  type CollectionSync,
  type CollectionSyncRequest,
  type Contact,
  type DeviceRegistry,
  GroupwareError,
  type Item,
  type ItemMoveResult,
  type ItemClass,
  type Message,
  type Note,
  type SyncKey,
  type SyncSession,
  SyncError,
  type Task,
  type WipeKind,
} from '@oxtender/bundle-api';
import type { EasConfig } from '../../src/config';
import { config, folders, ScriptedSession } from '../commands/scripted-call';
import { lookupSession, mailWithFile } from './lookup-world';
import { sendingSession } from './sending-world';
import { troubledSession } from './troubled-world';

/** What stands behind the endpoint in a transcript: the same answers whatever the day. */
export interface World {
  readonly session: ScriptedSession;
  readonly config: EasConfig;
  readonly devices?: Partial<DeviceRegistry>;
}

/** Worlds by the names that transcripts call them by. */
export const worlds: Readonly<Record<string, () => World | Promise<World>>> = {
  /** No policy. Hierarchy: H1 is all. Collections: S1 is empty, S2 has one item; the device's changes lead to S3. */
  standard: () => ({
    session: standardSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
  }),
  /** No policy. A small groupware with mails, people and appointments; see `lookup-world.ts`. */
  lookup: async () => ({
    session: await lookupSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
  }),
  /** As `lookup`, and a mail with a file. */
  files: async () => ({
    session: await lookupSession(mailWithFile),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
  }),
  /** No policy. Mails and meetings to answer; see `sending-world.ts`. */
  sending: () => ({
    session: sendingSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
  }),
  /** As `standard`, where a device may have four folders. */
  'many folders': () => ({
    session: standardSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false, 'com.openexchange.usm.eas.max_folders': 4 },
  }),
  /** No policy. What goes wrong is said by names and ids; see `troubled-world.ts`. */
  troubled: () => ({
    session: troubledSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
  }),
  /** As `standard`, with a policy that the device has not applied. */
  'policy required': () => ({ session: standardSession(), config }),
  /** As `policy required`; devices that apply it in part are let in. */
  'policy for those who can': () => ({
    session: standardSession(),
    config: { ...config, 'com.openexchange.usm.eas.policy.allow_partial': true },
  }),
  /** An operator asked for the device to be wiped. */
  'wipe asked for': () => wipeWorld('full'),
  'account wipe asked for': () => wipeWorld('account'),
};

const utc = Date.UTC;

const anna: Contact = {
  firstName: 'Änna',
  lastName: 'Müller',
  fileAs: 'Müller, Änna',
  company: 'Example GmbH',
  email1: 'aenna.mueller@example.com',
  mobilePhone1: '+49 170 5550101',
  birthday: '1971-03-14',
  categories: ['Business'],
  body: { format: 'text', content: 'Met in Köln' },
};

const meeting: Appointment = {
  title: 'Team meeting',
  location: { displayName: 'Room 1' },
  start: utc(2026, 10, 23, 9),
  end: utc(2026, 10, 23, 10),
  allDay: false,
  timeZone: 'Europe/Berlin',
  uid: 'uid-1@example.com',
  busyStatus: 'busy',
  reminder: 15,
  recurrence: { frequency: 'weekly', interval: 1, daysOfWeek: 2, occurrences: 10 },
  exceptions: [{ originalStart: utc(2026, 10, 30, 9), deleted: true }],
  organizer: { name: 'Anna Miller', address: 'anna@example.com' },
  ownedByUser: true,
  attendees: [{ name: 'Bob Smith', address: 'bob@example.com', role: 'required', status: 'accepted' }],
  lastModified: utc(2026, 10, 22, 8),
};

const task: Task = {
  title: 'Write the report',
  due: utc(2026, 10, 27),
  status: 'in-progress',
  importance: 'high',
  reminder: utc(2026, 10, 27, 8),
};

const mail: Message = {
  subject: 'Re: Minutes',
  from: [{ name: 'Bob Smith', address: 'bob@example.com' }],
  to: [{ name: 'Anna Miller', address: 'anna@example.com' }],
  receivedAt: utc(2026, 10, 22, 8, 30),
  read: false,
  importance: 'normal',
  size: 1234,
  messageId: '<m1@example.com>',
  bodies: [{ format: 'text', content: 'Thank you, Anna.\r\nBob' }],
};

const note: Note = { subject: 'Ideas', body: { format: 'text', content: 'One\nTwo' }, lastModified: utc(2026, 10, 22, 8) };

const items: { readonly [C in ItemClass]: Item<C> } = {
  Email: mail,
  Contacts: anna,
  Calendar: meeting,
  Tasks: task,
  Notes: note,
};

/** The registry does what the real one does when a device reports its wipe. */
function wipeWorld(kind: WipeKind): World {
  const session = standardSession();
  session.device = { ...session.device, wipe: { kind, state: 'requested', requestedAt: 0, changedAt: 0 } };
  const recordWipe: DeviceRegistry['recordWipe'] = (_, state) => {
    const access = state === 'confirmed' ? 'blocked' : 'allowed';
    session.device = { ...session.device, access, wipe: { kind, state, requestedAt: 0, changedAt: 0 } };
    return Promise.resolve();
  };
  return {
    session,
    config: { ...config, 'com.openexchange.usm.eas.policy.required': false },
    devices: { recordWipe },
  };
}

function standardSession(): ScriptedSession {
  const scripted = new ScriptedSession();
  scripted.onSync = standardSync;
  scripted.onWait = ({ collections }) => {
    const changed = collections.map(({ collectionId }) => collectionId).filter((id) => id === 'F1');
    return Promise.resolve({ reason: changed.length > 0 ? 'changes' : 'timeout', collections: changed, hierarchy: false });
  };
  scripted.more = {
    syncHierarchy: async ({ syncKey }) => {
      checkKey(syncKey, ['0', 'H1']);
      return Promise.resolve({ syncKey: 'H1', added: syncKey === '0' ? folders : [], updated: [], deleted: [] });
    },
    createFolder: async (creation) => {
      checkKey(creation.syncKey, ['H1']);
      checkPlace(creation);
      return Promise.resolve({ syncKey: 'H2', collectionId: 'F7' });
    },
    updateFolder: async (update) => {
      checkKey(update.syncKey, ['H1']);
      checkOwn(update.collectionId);
      checkPlace(update);
      return Promise.resolve({ syncKey: 'H2' });
    },
    deleteFolder: async ({ syncKey, collectionId }) => {
      checkKey(syncKey, ['H1']);
      checkOwn(collectionId);
      return Promise.resolve({ syncKey: 'H2' });
    },
    estimate: async ({ syncKey, collectionId }) => {
      checkCollection(collectionId);
      checkKey(syncKey, ['S1', 'S2']);
      return Promise.resolve(syncKey === 'S1' ? 1 : 0);
    },
    move: (moves) => Promise.resolve(moves.map(moveOne)),
  } satisfies Partial<SyncSession>;
  return scripted;
}

function standardSync({ collectionId, syncKey, changes = [] }: CollectionSyncRequest): Partial<CollectionSync> {
  const { itemClass } = checkCollection(collectionId);
  checkKey(syncKey, ['0', 'S1', 'S2']);
  if (syncKey === '0') return { syncKey: 'S1', itemClass };
  const results = changes.map((change, index) =>
    change.kind === 'add'
      ? { status: 'done' as const, serverId: `${collectionId}:${9 + index}` }
      : { status: change.serverId.endsWith(':1') ? ('done' as const) : ('not-found' as const) },
  );
  if (changes.length > 0) return { syncKey: 'S3', itemClass, results };
  if (syncKey === 'S2') return { syncKey, itemClass };
  return {
    syncKey: 'S2',
    itemClass,
    changes: [{ kind: 'add', serverId: `${collectionId}:1`, item: items[itemClass] }],
  };
}

function moveOne({ serverId, source, target }: Parameters<SyncSession['move']>[0][number]): ItemMoveResult {
  if (!/:1$/.test(serverId)) return { status: 'not-found' };
  if (!folders.some(({ collectionId }) => collectionId === target)) return { status: 'bad-target' };
  return source === target ? { status: 'same-folder' } : { status: 'done', serverId: `${target}:8` };
}

/** A folder that can be changed is there, and is none of the default ones. */
function checkOwn(collectionId: string): void {
  if (checkCollection(collectionId).role) throw new SyncError('DEFAULT_FOLDER', 'a default folder');
}

/** The parent is there, and no other folder has the name. */
function checkPlace({ parent, name, collectionId }: { parent?: string; name?: string; collectionId?: string }): void {
  if (parent !== undefined && !folders.some((folder) => folder.collectionId === parent))
    throw new SyncError('PARENT_NOT_FOUND', `parent ${parent}`);
  if (folders.some((folder) => folder.name === name && folder.collectionId !== collectionId))
    throw new GroupwareError('EXISTS', `there is '${name ?? ''}'`);
}

function checkKey(key: SyncKey, valid: readonly SyncKey[]): void {
  if (!valid.includes(key)) throw new SyncError('INVALID_SYNC_KEY', `key ${key}`);
}

function checkCollection(id: string) {
  const folder = folders.find(({ collectionId }) => collectionId === id);
  if (!folder) throw new SyncError('UNKNOWN_COLLECTION', `collection ${id}`);
  return folder;
}
