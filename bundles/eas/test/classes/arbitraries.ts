import fc from 'fast-check';
import type {
  Appointment,
  AppointmentException,
  Attendee,
  Contact,
  Location,
  Note,
  Recurrence,
  Task,
} from '@oxtender/bundle-api';
import { day, minute } from '../../src/values/date-time';
import { plainDateOf } from '../../src/values/plain-date';
import { fromLocal, toLocal } from '../../src/values/time-zone/zone-offset';

/** A record in which every key may be missing. */
export function partial<T>(keys: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(keys, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;
}

/** What a person writes on one line. No character that XML forbids. */
export const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((text) => text.replace(/[\p{C}\ufffd]/gu, '').trim())
  .filter((text) => text !== '');

export const address = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9.]{0,8}[a-z0-9]$/), fc.constantFrom('example.com', 'example.org'))
  .map(([local, domain]) => `${local.replace(/\.+/g, '.')}@${domain}`);

export const body = line.map((content) => ({ format: 'text' as const, content }));
export const names = fc.uniqueArray(line, { minLength: 1, maxLength: 4 });
export const date = fc.integer({ min: -25_000, max: 25_000 }).map((days) => plainDateOf(days * day));
/** A second of the years 1990 to 2040. */
export const moment = fc
  .integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 })
  .map((second) => second * 1000);
export const zone = fc.constantFrom(
  ...['Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Sao_Paulo', 'Asia/Tokyo', 'Asia/Kathmandu'],
  ...['Australia/Sydney', 'Pacific/Auckland', 'Pacific/Apia', 'Pacific/Pago_Pago', 'Africa/Cairo', 'Etc/UTC'],
);

const textKeys = [
  ...['fileAs', 'firstName', 'middleName', 'lastName', 'title', 'suffix', 'nickname', 'yomiFirstName', 'yomiLastName'],
  ...['yomiCompany', 'company', 'department', 'jobTitle', 'officeLocation', 'managerName', 'assistantName'],
  ...['accountName', 'customerId', 'governmentId', 'instantMessenger1', 'instantMessenger2', 'instantMessenger3'],
  ...['webPage', 'businessPhone1', 'businessPhone2', 'businessFax', 'homePhone1', 'homePhone2', 'homeFax'],
  ...['mobilePhone1', 'carPhone', 'pager', 'radioPhone', 'assistantPhone', 'companyPhone', 'mms', 'businessStreet'],
  ...['businessCity', 'businessState', 'businessPostalCode', 'businessCountry', 'homeStreet', 'homeCity'],
  ...['homeState', 'homePostalCode', 'homeCountry', 'otherStreet', 'otherCity', 'otherState', 'otherPostalCode'],
  ...['otherCountry', 'spouse'],
];

/** A contact of which every field can be carried. */
export const contact: fc.Arbitrary<Contact> = partial<Contact>({
  ...(Object.fromEntries(textKeys.map((key) => [key, line])) as { company: fc.Arbitrary<string> }),
  email1: address,
  email2: address,
  email3: address,
  birthday: date,
  anniversary: date,
  children: names,
  categories: names,
  body,
  picture: fc.uint8Array({ minLength: 3, maxLength: 60 }).map((bytes) => ({
    contentType: 'image/jpeg',
    data: Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), bytes]).toString('base64'),
  })),
});

/** What EAS knows nothing of. */
export const contactExtras: Contact = {
  displayName: 'kept',
  profession: 'kept',
  mobilePhone2: '+49 1',
  otherPhone: '+49 2',
  otherFax: '+49 3',
  private: true,
};

export const note: fc.Arbitrary<Note> = partial<Note>({ subject: line, body, categories: names });

const interval = fc.integer({ min: 1, max: 99 });
const daysOfWeek = fc.integer({ min: 1, max: 127 });
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const weekOfMonth = fc.integer({ min: 1, max: 5 });
const month = fc.integer({ min: 1, max: 12 });
const patterns = fc.oneof(
  fc.record({ frequency: fc.constant('daily' as const), interval }),
  fc.record({
    frequency: fc.constant('weekly' as const),
    interval,
    daysOfWeek,
    firstDayOfWeek: fc.integer({ min: 0, max: 6 }),
  }),
  fc.record({ frequency: fc.constant('monthly' as const), interval, dayOfMonth }),
  fc.record({ frequency: fc.constant('monthly' as const), interval, daysOfWeek, weekOfMonth }),
  fc.record({ frequency: fc.constant('yearly' as const), interval, dayOfMonth, month }),
  fc.record({ frequency: fc.constant('yearly' as const), interval, daysOfWeek, weekOfMonth, month }),
);

/** A recurrence with everything written out, ending never, by number or by date. */
export const recurrence: fc.Arbitrary<Recurrence> = fc
  .tuple(
    patterns,
    fc.oneof(
      fc.constant({}),
      fc.integer({ min: 1, max: 255 }).map((occurrences) => ({ occurrences })),
      fc.integer({ min: 15_000, max: 25_000 }).map((days) => ({ until: plainDateOf(days * day) })),
    ),
  )
  .map(([pattern, end]) => ({ ...pattern, ...end }));

const sensitivity = fc.constantFrom('normal', 'personal', 'private', 'confidential');

/** A task whose dates are dates, as those of devices are. */
export const task: fc.Arbitrary<Task> = fc
  .tuple(
    partial<Task>({ title: line, body, reminder: moment, categories: names, recurrence }),
    fc.record({
      importance: fc.constantFrom('low', 'normal', 'high'),
      sensitivity: sensitivity as fc.Arbitrary<'normal'>,
    }),
    fc.option(fc.integer({ min: 7000, max: 25_000 })),
    fc.option(moment),
  )
  .map(([some, always, dueDay, completedAt]): Task => {
    const { recurrence: series, ...rest } = some;
    const dates = dueDay === null ? {} : { due: dueDay * day, start: (dueDay - 2) * day, allDay: true };
    const progress =
      completedAt === null
        ? { status: 'not-started' as const, percentCompleted: 0 }
        : { status: 'done' as const, percentCompleted: 100, completedAt };
    return { ...rest, ...always, ...dates, ...progress, ...(series && dueDay !== null ? { recurrence: series } : {}) };
  });

export const attendee: fc.Arbitrary<Attendee> = fc.record(
  {
    address: address.map((text) => `x${text}`),
    name: line,
    role: fc.constantFrom('required', 'optional', 'resource'),
    status: fc.constantFrom('none', 'accepted', 'tentative', 'declined'),
  },
  { requiredKeys: ['address', 'role', 'status'] },
);

export const attendees = fc.uniqueArray(attendee, {
  minLength: 1,
  maxLength: 4,
  selector: (someone) => someone.address.toLowerCase(),
});

export const place: fc.Arbitrary<Location> = line.map((displayName) => ({ displayName }));

const occurrenceKeys = {
  title: line,
  location: place,
  body,
  busyStatus: fc.constantFrom('free', 'tentative', 'busy', 'away') as fc.Arbitrary<'free'>,
  sensitivity: sensitivity as fc.Arbitrary<'normal'>,
  reminder: fc.integer({ min: 0, max: 20_000 }),
  categories: names,
};

/** A single appointment of the user's own, timed or all-day. */
export const single: fc.Arbitrary<Appointment> = fc
  .tuple(
    partial<Partial<Appointment>>({ ...occurrenceKeys, attendees, uid: fc.uuid() }),
    fc.boolean(),
    moment,
    fc.integer({ min: 0, max: 5000 }),
    zone,
  )
  .map(([some, allDay, at, length, timeZone]): Appointment => {
    const start = allDay ? Math.floor(at / day) * day : at;
    const end = start + (allDay ? Math.max(1, length % 5) * day : length * minute);
    return { ...some, start, end, allDay, ...(allDay ? {} : { timeZone }) };
  });

const exceptionContent = partial<Omit<AppointmentException, 'originalStart'>>({
  title: line,
  location: place,
  body,
  busyStatus: occurrenceKeys.busyStatus,
  categories: names,
  reminder: occurrenceKeys.reminder,
});

/** The start of the occurrence some days later, at the same local time. */
function shifted({ start, allDay, timeZone = 'Etc/UTC' }: Appointment, days: number): number {
  return allDay ? start + days * day : fromLocal(timeZone, toLocal(timeZone, start) + days * day);
}

/** A daily series with exceptions on some of its days. */
export const series: fc.Arbitrary<Appointment> = fc
  .tuple(
    single,
    recurrence,
    fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean(), exceptionContent), {
      maxLength: 4,
      selector: ([index]) => index,
    }),
  )
  .map(([appointment, rule, changes]): Appointment => ({
    ...appointment,
    recurrence: rule,
    exceptions: changes
      .map(([index, deleted, content]): AppointmentException => {
        const originalStart = shifted(appointment, index);
        return deleted ? { originalStart, deleted } : { originalStart, ...content };
      })
      .sort((left, right) => left.originalStart - right.originalStart),
  }))
  .map(({ exceptions, ...rest }) => (exceptions?.length ? { ...rest, exceptions } : rest));
