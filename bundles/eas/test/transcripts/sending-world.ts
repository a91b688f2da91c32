import {
  type Appointment,
  type GroupwareSession,
  type Message,
  type ReadResult,
  type SyncFolder,
  type SyncSession,
  GroupwareError,
} from '@oxtender/bundle-api';
import { folders, ScriptedSession } from '../commands/scripted-call';

const utc = Date.UTC;

/** To Anna, from Bob. */
export const invitation = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:uid-1@example.com',
  'DTSTART:20261124T090000Z',
  'DTEND:20261124T100000Z',
  'SUMMARY:Visit',
  'ORGANIZER:mailto:bob@example.com',
  'ATTENDEE:mailto:anna@example.com',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const bob = { name: 'Bob Smith', address: 'bob@example.com' };
const anna = { name: 'Anna Miller', address: 'anna@example.com' };

const mails: Readonly<Record<string, Message>> = {
  'F1:1': { subject: 'Minutes', from: [bob], to: [anna], read: true, bodies: [{ format: 'text', content: 'All is said.' }] },
  'F1:2': { subject: 'Visit', from: [bob], to: [anna], read: false, calendar: invitation, bodies: [] },
  'F1:4': {
    subject: 'With a file that is gone',
    from: [bob],
    to: [anna],
    read: true,
    bodies: [],
    attachments: [{ id: '2', fileName: 'plan.csv', contentType: 'text/csv', size: 8 }],
  },
  'F1:3': {
    subject: 'Own',
    from: [anna],
    to: [bob],
    read: true,
    calendar: invitation.replace('ORGANIZER:mailto:bob', 'ORGANIZER:mailto:anna'),
    bodies: [],
  },
};

const visit: Appointment = {
  title: 'Visit',
  uid: 'uid-1@example.com',
  start: utc(2026, 10, 24, 9),
  end: utc(2026, 10, 24, 10),
  allDay: false,
  organizer: bob,
  ownedByUser: false,
  ownStatus: 'none',
  attendees: [{ ...anna, role: 'required', status: 'none' }],
};

const appointments: Readonly<Record<string, Appointment>> = {
  'F3:1': visit,
  'F3:2': {
    ...visit,
    title: 'Weekly',
    uid: 'uid-2@example.com',
    timeZone: 'Europe/Berlin',
    recurrence: { frequency: 'weekly', interval: 1, daysOfWeek: 4, occurrences: 10 },
  },
  'F3:4': { ...visit, title: 'In a calendar that cannot be written to', uid: 'uid-4@example.com' },
  'F3:5': { ...visit, title: 'At which the groupware fails', uid: 'uid-5@example.com' },
  'F3:3': { ...visit, title: 'Own', uid: 'uid-3@example.com', organizer: anna, ownedByUser: true },
};

const gone = () => new GroupwareError('NOT_FOUND', 'gone');

/**
 * A user with mails (F1:1 plain, F1:2 an invitation, F1:3 one that he wrote, F1:4 with a file that is gone) and meetings (F3:1 single, F3:2 a series,
 * F3:3 his own, F3:4 and F3:5 that cannot be answered). Mail to `full@` meets a quota, to `refused@` a refusal.
 */
export function sendingSession(): ScriptedSession {
  const scripted = new ScriptedSession();
  scripted.more = {
    groupware: groupware() as GroupwareSession,
    locate: (serverId) => {
      const folder = folders.find(({ collectionId }) => collectionId === serverId.split(':')[0]);
      return Promise.resolve(folder && { folder, itemId: serverId });
    },
    fetch: (ids) =>
      Promise.resolve(
        ids.map((serverId) => {
          const [item, itemClass] = [mails[serverId] ?? appointments[serverId], serverId in mails ? 'Email' : 'Calendar'] as const;
          return item ? { serverId, itemClass, item } : { serverId, error: gone() };
        }),
      ),
    serverIdOf: (_collectionId, itemId) => Promise.resolve(itemId),
  } satisfies Partial<SyncSession>;
  return scripted;
}

function groupware(): Partial<GroupwareSession> {
  const read = (_folder: unknown, ids: readonly string[]): Promise<ReadResult<'Calendar'>[]> =>
    Promise.resolve(
      ids.map((id) => {
        const item = appointments[id];
        return item ? { id, version: '1', item } : { id, error: gone() };
      }),
    );
  const calendar = folders.find(({ itemClass }) => itemClass === 'Calendar') as SyncFolder;
  return {
    read: read as unknown as GroupwareSession['read'],
    readAttachment: () => Promise.reject(gone()),
    patch: (_folder, id) => Promise.resolve({ id, version: '2' }),
    delete: (_folder, ids) => Promise.resolve(ids.map((id) => ({ id }))),
    listFolders: () => Promise.resolve([...folders]),
    findCreated: () => Promise.resolve(undefined),
    mail: {
      send: async (source: AsyncIterable<Uint8Array>) => {
        const parts: Uint8Array[] = [];
        for await (const part of source) parts.push(part);
        const text = Buffer.concat(parts).toString('latin1');
        if (text.includes('full@')) throw new GroupwareError('QUOTA', 'too many mails');
        if (text.includes('refused@')) throw new GroupwareError('INVALID', 'no such recipient');
        return undefined;
      },
    } as unknown as NonNullable<GroupwareSession['mail']>,
    invitations: {
      findByUid: (uid) => {
        const found = Object.entries(appointments).find(([, item]) => item.uid === uid);
        return Promise.resolve(found && { folder: calendar, id: found[0] });
      },
      respond: (_folder, id) => {
        if (id === 'F3:4') throw new GroupwareError('PERMISSION', 'no right to write');
        if (id === 'F3:5') throw new Error('nobody expected that');
        return Promise.resolve({ id, version: '2' });
      },
      apply: () => Promise.resolve(undefined),
    },
  };
}
