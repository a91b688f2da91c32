import { setImmediate } from 'node:timers/promises';
import { day, floorDay } from '../columns/body';
import type { ParsedMessage } from '../mail/message';
import type { Account } from '../store/contexts';
import type { User } from '../store/users';
import { Flag } from '../store/mails';
import { Random } from './random';
import { composeBulkMail } from './bulk-mail';
import {
  cities,
  companies,
  departments,
  firstNames,
  lastNames,
  mailSubjects,
  meetingSubjects,
  places,
  positions,
  sentences,
  streets,
  taskSubjects,
} from './vocabulary';

export interface BulkCounts {
  readonly contacts: number;
  readonly events: number;
  readonly tasks: number;
  readonly mails: number;
}

/** The first minute of bulk data; fixed, so that the same numbers give the same data. */
const epoch = Date.UTC(2026, 0, 5, 8);

/** Objects in one transaction; between two the server answers requests. */
const chunk = 2000;

/**
 * Fills a user's standard folders with made-up objects, the same ones for the same counts. Rows are written straight
 * into the tables.
 */
export async function seedBulk(
  account: Account,
  counts: BulkCounts,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const { db } = account.context;
  const stamp = db.stampsFor(counts.contacts + counts.events + counts.tasks);
  const writers = { contacts: writeContact, events: writeEvent, tasks: writeTask, mails: writeMail } as const;
  for (const [kind, write] of Object.entries(writers) as [keyof BulkCounts, Writer][])
    for (let first = 0; first < counts[kind]; first += chunk) {
      options.signal?.throwIfAborted();
      db.transaction(() => {
        const folder = placeOf(account, kind);
        const end = Math.min(first + chunk, counts[kind]);
        const next = kind === 'mails' ? uidsOf(account, folder, end - first) : stamp;
        for (let index = first; index < end; index++) write(account, index, folder, next);
      });
      await setImmediate();
    }
}

type Writer = (account: Account, index: number, folder: number, next: () => number) => void;

/** The user's standard folder for objects of this kind. */
function placeOf({ context, user }: Account, kind: keyof BulkCounts): number {
  const numbers = { tasks: 1, events: 2, contacts: 3 } as const;
  if (kind === 'mails') return context.mailFolders.standard(user.id, 7).id;
  return context.folders.standard(user.id, numbers[kind])?.id ?? 0;
}

const writeContact: Writer = ({ context, user }, index, folder, stamp) => {
  context.contacts.insert(bulkContact(index), folder, user.id, stamp());
};

const writeEvent: Writer = ({ context, user }, index, folder, stamp) => {
  const now = stamp();
  const id = context.appointments.insert(bulkEvent(index, user), folder, user.id, now);
  const own = { user: user.id, confirm: 1, message: null, alarm: 15 };
  context.appointments.placeNew(id, now, [{ folder, user: user.id }], [own]);
};

const writeTask: Writer = ({ context, user }, index, folder, stamp) => {
  const now = stamp();
  const id = context.tasks.insert(bulkTask(index), folder, user.id, now);
  context.tasks.placeNew(id, now, [{ folder, user: user.id }], []);
};

/** UIDs for so many mails, reserved at once. */
function uidsOf({ context }: Account, folder: number, count: number): () => number {
  let next = context.mailFolders.takeUids(folder, count);
  return () => next++;
}

const writeMail: Writer = ({ context, user }, index, folder, nextUid) => {
  const { source, message } = bulkMail(index, user.displayName, user.mail);
  const flags = index % 3 === 0 ? 0 : Flag.seen;
  context.mails.add({ folder, flags, receivedDate: message.sentDate ?? epoch }, message, source, nextUid());
};

function personOf(random: Random): { first: string; last: string; address: string } {
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  const plain = (name: string): string =>
    name
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  return { first, last, address: `${plain(first)}.${plain(last)}@example.org` };
}

export function bulkContact(index: number): Record<string, string | number> {
  const random = new Random(index + 1);
  const { first, last, address } = personOf(random);
  const [city, postalCode, country] = random.pick(cities);
  return {
    uid: `bulk-contact-${index}`,
    first_name: first,
    last_name: `${last} ${index}`,
    display_name: `${last} ${index}, ${first}`,
    file_as: `${last} ${index}, ${first}`,
    company: random.pick(companies),
    department: random.pick(departments),
    position: random.pick(positions),
    email1: address.replace('@', `.${index}@`),
    telephone_business1: `+49 221 555${String(index % 10_000).padStart(4, '0')}`,
    cellular_telephone1: `+49 170 555${String((index * 7) % 10_000).padStart(4, '0')}`,
    street_business: `${random.pick(streets)} ${1 + random.below(120)}`,
    postal_code_business: postalCode,
    city_business: city,
    country_business: country,
    birthday: Date.UTC(1950 + random.below(55), random.below(12), 1 + random.below(28)),
    note: random.pick(sentences),
  };
}

export function bulkEvent(index: number, user: User): Record<string, string | number> {
  const random = new Random(index + 100_003);
  const start = floorDay(epoch + Math.floor(index / 6) * day) + (8 + (index % 6) * 1.5) * 3_600_000;
  return {
    uid: `bulk-event-${user.id}-${index}`,
    title: `${random.pick(meetingSubjects)} ${index}`,
    location: random.pick(places),
    note: random.pick(sentences),
    start_date: start,
    end_date: start + 3_600_000,
    full_time: 0,
    shown_as: 1,
    timezone: 'Europe/Berlin',
    sequence: 0,
    organizer: user.mail,
    organizerId: user.id,
    participants: JSON.stringify([{ id: user.id, type: 1, display_name: user.displayName, mail: user.mail }]),
  };
}

export function bulkTask(index: number): Record<string, string | number> {
  const random = new Random(index + 200_003);
  const due = floorDay(epoch) + (index % 365) * day;
  const done = index % 4 === 0;
  return {
    uid: `bulk-task-${index}`,
    title: `${random.pick(taskSubjects)} ${index}`,
    note: random.pick(sentences),
    start_time: due - 2 * day,
    end_time: due,
    full_time: 1,
    status: done ? 3 : 1,
    percent_completed: done ? 100 : 0,
    priority: 1 + random.below(3),
  };
}

/** The mail with what is known of it; that both agree is a test's business. */
export function bulkMail(index: number, name: string, address: string): { source: Buffer; message: ParsedMessage } {
  const random = new Random(index + 300_007);
  const { first, last, address: sender } = personOf(random);
  const lines = Array.from({ length: 3 + random.below(6) }, () => random.pick(sentences));
  return composeBulkMail({
    from: [`${first} ${last}`, sender],
    to: [name, address],
    subject: `${random.pick(mailSubjects)} ${index}`,
    date: epoch + index * 60_000,
    messageId: `bulk-${index}@example.org`,
    text: `Hello,\r\n\r\n${lines.join('\r\n')}\r\n\r\n${first}\r\n`,
  });
}
