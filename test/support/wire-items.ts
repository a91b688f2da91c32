import {
  AirSyncBase,
  Calendar,
  Contacts,
  Contacts2,
  type Element,
  Email,
  Email2,
  element,
  type Tag,
  Tasks,
} from '@oxtender/eas';
import fc from 'fast-check';

/** ApplicationData as a device of a version would write it: made of the specification's elements, not of our mappings. */
export type WireItem = readonly Element[];

/** Makes items of one class; `mark` is text by which the item is found again. */
export type WireItems = (version: number) => fc.Arbitrary<(mark: string) => WireItem>;

type Part = fc.Arbitrary<readonly Element[]>;

/** A zone whose clocks change on the nth Sunday of a month, at an hour. [MS-ASDTYPE] "TimeZone". */
function timeZone(
  bias: number,
  standard: readonly [number, number, number],
  daylight: readonly [number, number, number],
): string {
  const blob = Buffer.alloc(172);
  const change = (offset: number, [month, nth, hour]: readonly [number, number, number]) =>
    [0, month, 0, nth, hour].forEach((value, index) => blob.writeUInt16LE(value, offset + index * 2));
  blob.writeInt32LE(bias, 0);
  change(68, standard);
  change(152, daylight);
  blob.writeInt32LE(-60, 168);
  return blob.toString('base64');
}

const berlin = timeZone(-60, [10, 5, 3], [3, 5, 2]);
const newYork = timeZone(300, [11, 1, 2], [3, 2, 2]);

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((text) => text.replace(/[\p{C}\ufffd]/gu, '').trim())
  .filter((text) => text !== '');
/** A comma stands between the groupware's categories. */
const category = line.filter((text) => !text.includes(','));
const address = fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/).map((local) => `${local}@example.net`);
const paragraph = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\r\n'));

const one = (tag: Tag, value: fc.Arbitrary<string | number>): Part => value.map((text) => [element(tag, text)]);
const list = (tag: Tag, child: Tag, values: fc.Arbitrary<string>): Part =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((texts) => [
    element(
      tag,
      texts.map((text) => element(child, text)),
    ),
  ]);
const maybe = (part: Part): Part => fc.option(part, { nil: [] });
const all = (...parts: readonly Part[]): Part => fc.tuple(...parts).map((chosen) => chosen.flat());

function body(version: number, legacy: Tag): Part {
  return paragraph.map((text) =>
    version < 12
      ? [element(legacy, text)]
      : [element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, text))],
  );
}

const contactTexts: readonly Tag[] = [
  ...[
    Contacts.AssistantName,
    Contacts.AssistantPhoneNumber,
    Contacts.Business2PhoneNumber,
    Contacts.BusinessAddressCity,
  ],
  ...[Contacts.BusinessAddressCountry, Contacts.BusinessAddressPostalCode, Contacts.BusinessAddressState],
  ...[
    Contacts.BusinessAddressStreet,
    Contacts.BusinessFaxNumber,
    Contacts.BusinessPhoneNumber,
    Contacts.CarPhoneNumber,
  ],
  ...[
    Contacts.CompanyName,
    Contacts.Department,
    Contacts.FirstName,
    Contacts.Home2PhoneNumber,
    Contacts.HomeAddressCity,
  ],
  ...[
    Contacts.HomeAddressCountry,
    Contacts.HomeAddressPostalCode,
    Contacts.HomeAddressState,
    Contacts.HomeAddressStreet,
  ],
  ...[Contacts.HomeFaxNumber, Contacts.HomePhoneNumber, Contacts.JobTitle, Contacts.LastName, Contacts.MiddleName],
  ...[Contacts.MobilePhoneNumber, Contacts.OfficeLocation, Contacts.OtherAddressCity, Contacts.OtherAddressCountry],
  ...[Contacts.OtherAddressPostalCode, Contacts.OtherAddressState, Contacts.OtherAddressStreet, Contacts.PagerNumber],
  ...[Contacts.RadioPhoneNumber, Contacts.Spouse, Contacts.Suffix, Contacts.Title, Contacts.WebPage],
  ...[Contacts.YomiCompanyName, Contacts.YomiFirstName, Contacts.YomiLastName, Contacts2.CustomerId],
  ...[Contacts2.GovernmentId, Contacts2.IMAddress, Contacts2.IMAddress2, Contacts2.IMAddress3, Contacts2.ManagerName],
  ...[Contacts2.CompanyMainPhone, Contacts2.AccountName, Contacts2.NickName, Contacts2.MMS],
];

/** A PNG of one pixel. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==';
const birthday = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 10)}T00:00:00.000Z`);

/** [MS-ASCNTC] "Elements". */
export const contacts: WireItems = (version) =>
  all(
    ...contactTexts.map((tag) => maybe(one(tag, line))),
    ...[Contacts.Email1Address, Contacts.Email2Address, Contacts.Email3Address].map((tag) => maybe(one(tag, address))),
    ...[Contacts.Birthday, Contacts.Anniversary].map((tag) => maybe(one(tag, birthday))),
    maybe(list(Contacts.Categories, Contacts.Category, category)),
    maybe(list(Contacts.Children, Contacts.Child, line)),
    maybe(body(version, Contacts.Body)),
    maybe(one(Contacts.Picture, fc.constant(picture))),
  ).map((parts) => (mark) => [...parts, element(Contacts.FileAs, mark)]);

const day = 86_400_000;
/** A date in the first half of January or of July: no clocks change, and the hours from UTC in Berlin are 1 or 2. */
const quietDay = fc
  .tuple(fc.integer({ min: 2020, max: 2035 }), fc.constantFrom(0, 6), fc.integer({ min: 1, max: 12 }))
  .map(([year, month, date]) => Date.UTC(year, month, date));
const berlinOffset = (date: number): number => (new Date(date).getUTCMonth() === 0 ? 1 : 2) * 3_600_000;
const iso = (instant: number): string => new Date(instant).toISOString();
const compact = (instant: number): string => iso(instant).replaceAll(/[-:]|\.\d{3}/g, '');
const weekday = (date: number): number => 1 << new Date(date).getUTCDay();

interface Pattern {
  readonly Type: Tag;
  readonly Interval: Tag;
  readonly DayOfWeek: Tag;
  readonly DayOfMonth: Tag;
  readonly WeekOfMonth: Tag;
  readonly MonthOfYear: Tag;
  readonly Occurrences: Tag;
  readonly Until: Tag;
}

/** The pattern of a series that begins on that day. [MS-ASCAL] "Recurrence"; the end before it: [MS-ASTASK]. */
function recurrence(tags: Pattern, start: number, format: (instant: number) => string): Part {
  const date = new Date(start);
  const dayOfMonth = [element(tags.DayOfMonth, date.getUTCDate())];
  const nth = [element(tags.DayOfWeek, weekday(start)), element(tags.WeekOfMonth, Math.ceil(date.getUTCDate() / 7))];
  const month = [element(tags.MonthOfYear, date.getUTCMonth() + 1)];
  const days = fc.integer({ min: 0, max: 127 }).map((bits) => [element(tags.DayOfWeek, bits | weekday(start))]);
  const pattern = fc.oneof(
    fc.tuple(fc.constant(0), fc.constant([] as Element[])),
    fc.tuple(fc.constant(1), days),
    fc.tuple(fc.constant(2), fc.constant(dayOfMonth)),
    fc.tuple(fc.constant(3), fc.constant(nth)),
    fc.tuple(fc.constant(5), fc.constant([...dayOfMonth, ...month])),
    fc.tuple(fc.constant(6), fc.constant([...nth, ...month])),
  );
  const end = fc.oneof(
    fc.constant([] as Element[]),
    fc.integer({ min: 12, max: 200 }).map((count) => [element(tags.Occurrences, count)]),
    fc.integer({ min: 4000, max: 5000 }).map((days_) => [element(tags.Until, format(start + days_ * day))]),
  );
  return fc
    .tuple(pattern, end, fc.integer({ min: 1, max: 4 }))
    .map(([[type, rest], ending, interval]) => [
      element(tags.Type, type),
      ...ending,
      element(tags.Interval, type > 3 ? 1 : interval),
      ...rest,
    ]);
}

/** [MS-ASTASK] "Elements". */
export const tasks: WireItems = (version) =>
  quietDay
    .chain((due) =>
      all(
        // 2 is what an edit makes of it
        one(Tasks.Importance, fc.constantFrom(0, 1)),
        maybe(body(version, Tasks.Body)),
        maybe(list(Tasks.Categories, Tasks.Category, category)),
        one(Tasks.Sensitivity, fc.constantFrom(0, 2)),
        fc.oneof(
          fc.constant([element(Tasks.Complete, 0)]),
          fc.constant([element(Tasks.Complete, 1), element(Tasks.DateCompleted, iso(due + day / 2))]),
        ),
        fc.oneof(
          fc.constant([element(Tasks.ReminderSet, 0)]),
          fc.constant([element(Tasks.ReminderSet, 1), element(Tasks.ReminderTime, iso(due + day / 3))]),
        ),
        maybe(taskDates(due, version)),
      ),
    )
    .map((parts) => (mark) => [element(Tasks.Subject, mark), ...parts]);

function taskDates(due: number, version: number): Part {
  const date = (utc: Tag, local: Tag, at: number) => [
    element(utc, iso(at - berlinOffset(at))),
    element(local, iso(at)),
  ];
  const start = version < 16 ? due - berlinOffset(due) : due;
  const series = recurrence(Tasks, due, iso).map(([type, ...rest]) => [
    element(Tasks.Recurrence, [type as Element, element(Tasks.Start, iso(start)), ...rest]),
  ]);
  return all(
    fc.constant([...date(Tasks.UtcStartDate, Tasks.StartDate, due), ...date(Tasks.UtcDueDate, Tasks.DueDate, due)]),
    maybe(series),
  );
}

const location = (version: number, text: string): Element =>
  version < 16
    ? element(Calendar.Location, text)
    : element(AirSyncBase.Location, element(AirSyncBase.DisplayName, text));

/** [MS-ASCAL] "Elements": single events and series, timed and of whole days, the user's own. */
export const events: WireItems = (version) =>
  fc
    .tuple(
      quietDay,
      fc.boolean(),
      fc.integer({ min: 8 * 4, max: 15 * 4 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(berlin, newYork),
    )
    .chain(([date, allDay, quarter, length, zone]) => {
      const midnight = allDay && version < 16 ? date - berlinOffset(date) : date;
      const start = allDay ? midnight : date + quarter * 900_000;
      const end = allDay ? midnight + (1 + (length % 3)) * day : start + length * 900_000;
      const times = [
        ...(allDay && version >= 16 ? [] : [element(Calendar.Timezone, allDay ? berlin : zone)]),
        element(Calendar.AllDayEvent, allDay ? 1 : 0),
        element(Calendar.StartTime, compact(start)),
        element(Calendar.EndTime, compact(end)),
      ];
      return all(
        fc.constant(times),
        one(Calendar.BusyStatus, fc.constantFrom(0, 1, 2, 3)),
        maybe(one(Calendar.Reminder, fc.constantFrom(0, 5, 15, 60, 1440))),
        maybe(line.map((text) => [location(version, text)])),
        maybe(body(version, Calendar.Body)),
        maybe(list(Calendar.Categories, Calendar.Category, category)),
        attendees(version),
        fc.oneof(
          fc.constant([]),
          recurrence(Calendar, allDay ? date : start, (instant) =>
            compact(allDay ? instant - (date - start) : instant),
          ).map((parts) => [element(Calendar.Recurrence, parts)]),
          daily(version, start, end),
        ),
      );
    })
    .map((parts) => (mark) => [element(Calendar.Subject, mark), ...parts]);

/** None is optional, and no meeting is private: the sandbox has neither, as OX's older module has not. */
function attendees(version: number): Part {
  const one_ = fc
    .tuple(address, line)
    .map(([mail, name]) =>
      element(
        Calendar.Attendee,
        element(Calendar.Email, mail),
        element(Calendar.Name, name),
        version < 12 ? undefined : element(Calendar.AttendeeType, 1),
      ),
    );
  const others = fc.uniqueArray(one_, {
    minLength: 1,
    maxLength: 3,
    selector: (each) => each.child(Calendar.Email)?.text,
  });
  const sensitivity = one(Calendar.Sensitivity, fc.constantFrom(0, 2));
  return fc.oneof(
    all(fc.constant([element(Calendar.MeetingStatus, 0)]), sensitivity),
    others.map((some) => [element(Calendar.MeetingStatus, 1), element(Calendar.Attendees, some)]),
  );
}

/** A daily series with exceptions. */
function daily(version: number, start: number, end: number): Part {
  const exception = fc.tuple(
    fc.integer({ min: 1, max: 11 }),
    fc.constantFrom('deleted', 'renamed', ...(end - start < day ? ['moved'] : [])),
    line,
  );
  return fc.uniqueArray(exception, { minLength: 1, maxLength: 3, selector: ([index]) => index }).map((list_) => {
    const exceptions = [...list_]
      .sort(([left], [right]) => left - right)
      .map(([index, kind, text]) => {
        const at = start + index * day;
        const key =
          version < 16
            ? element(Calendar.ExceptionStartTime, compact(at))
            : element(AirSyncBase.InstanceId, compact(at));
        if (kind === 'deleted') return element(Calendar.Exception, element(Calendar.Deleted, 1), key);
        if (kind === 'renamed') return element(Calendar.Exception, key, element(Calendar.Subject, text));
        const shift = 900_000;
        return element(
          Calendar.Exception,
          ...[
            key,
            element(Calendar.StartTime, compact(at + shift)),
            element(Calendar.EndTime, compact(at + shift + end - start)),
            element(Calendar.Subject, text),
          ],
        );
      });
    return [
      element(
        Calendar.Recurrence,
        element(Calendar.Type, 0),
        element(Calendar.Occurrences, 20),
        element(Calendar.Interval, 1),
      ),
      element(Calendar.Exceptions, exceptions),
    ];
  });
}

const mailbox = fc
  .tuple(fc.option(fc.stringMatching(/^[A-Z][a-z]{1,9} [A-ZÄÖÜ][a-zß]{1,9}$/)), address)
  .map(([name, mail]) => (name === null ? mail : `"${name}" <${mail}>`));
const mailboxes = fc.uniqueArray(mailbox, { minLength: 1, maxLength: 3 }).map((some) => some.join(', '));

/** [MS-ASEMAIL] "Drafts"; from 16.0. */
export const drafts: WireItems = () =>
  all(
    maybe(one(Email.To, mailboxes)),
    maybe(one(Email.Cc, mailboxes)),
    one(Email.Importance, fc.constantFrom(0, 1, 2)),
    maybe(
      paragraph.map((text) => [
        element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, text)),
      ]),
    ),
    maybe(one(Email2.Bcc, mailboxes)),
  ).map((parts) => (mark) => [element(Email.Subject, mark), ...parts]);
