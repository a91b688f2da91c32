import { day, floorDay } from '../columns/body';
import type { ParsedMessage } from '../mail/message';
import type { Account } from '../store/contexts';
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

/**
 * Fills a user's standard folders with made-up objects, the same ones for the same counts. Rows are written straight
 * into the tables, in one transaction.
 */
export function seedBulk({ context, user }: Account, counts: BulkCounts): void {
  const { db, folders, mailFolders } = context;
  db.transaction(() => {
    const total = counts.contacts + counts.events + counts.tasks;
    const stamp = db.stampsFor(total);
    const standard = (number: number): number => folders.standard(user.id, number)?.id ?? 0;
    for (let index = 0; index < counts.contacts; index++)
      context.contacts.insert(bulkContact(index), standard(3), user.id, stamp());
    for (let index = 0; index < counts.events; index++) {
      const id = context.appointments.insert(
        bulkEvent(index, user.id, user.mail, user.displayName),
        standard(2),
        user.id,
        stamp(),
      );
      context.appointments.place(
        id,
        [{ folder: standard(2), user: user.id }],
        [{ user: user.id, confirm: 1, message: null, alarm: 15 }],
      );
    }
    for (let index = 0; index < counts.tasks; index++) {
      const id = context.tasks.insert(bulkTask(index), standard(1), user.id, stamp());
      context.tasks.place(id, [{ folder: standard(1), user: user.id }], []);
    }
    const inbox = mailFolders.standard(user.id, 7);
    for (let index = 0; index < counts.mails; index++) {
      const { source, message } = bulkMail(index, user.displayName, user.mail);
      const flags = index % 3 === 0 ? 0 : Flag.seen;
      context.mails.add({ folder: inbox.id, flags, receivedDate: message.sentDate ?? epoch }, message, source);
    }
  });
}

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

export function bulkEvent(index: number, user: number, mail: string, name: string): Record<string, string | number> {
  const random = new Random(index + 100_003);
  const start = floorDay(epoch + Math.floor(index / 6) * day) + (8 + (index % 6) * 1.5) * 3_600_000;
  return {
    uid: `bulk-event-${user}-${index}`,
    title: `${random.pick(meetingSubjects)} ${index}`,
    location: random.pick(places),
    note: random.pick(sentences),
    start_date: start,
    end_date: start + 3_600_000,
    full_time: 0,
    shown_as: 1,
    timezone: 'Europe/Berlin',
    sequence: 0,
    organizer: mail,
    organizerId: user,
    participants: JSON.stringify([{ id: user, type: 1, display_name: name, mail }]),
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
