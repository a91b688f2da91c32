import {
  type Appointment,
  type AppointmentException,
  type Attendee,
  type Cancellable,
  GroupwareError,
  type Instant,
  type ParticipationStatus,
  type Patch,
  type TimeZoneId,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { calendarColumns } from '../../columns/calendar';
import type { OxBody } from '../../columns/column-table';
import { datePositionOf, originalStartOf } from '../../columns/occurrence-time';
import { type OxParticipant, confirmation, participantType } from '../../columns/people';
import { type OxObjects, idOf, whatever } from '../objects';
import type { PeopleDirectory } from '../people-directory';
import { shortening } from '../shortening';
import type { CalendarReader } from './calendar-reader';
import type { CalendarRow, Series } from './rows';
import { changeOf, effectiveOccurrence } from './series';

/** Fields of a body that one kind of recurrence has and another must not have. */
const recurrenceFields = ['interval', 'days', 'day_in_month', 'month', 'until', 'occurrences'] as const;

/** Writes appointments: the object itself, the objects that replace occurrences, and the user's own answers. */
export class CalendarWriter {
  constructor(
    private readonly objects: OxObjects,
    private readonly reader: CalendarReader,
    private readonly people: PeopleDirectory,
    private readonly timeZone: TimeZoneId,
  ) {}

  /** Makes the object itself, without exceptions. */
  async create(
    folder: string,
    item: Appointment,
    uid: string,
    notify: boolean,
    options: Cancellable,
  ): Promise<WrittenItem> {
    const record = { timeZone: this.timeZone, ...item, uid: item.uid ?? uid };
    const body = { ...(await this.#body(record, undefined, options)), ...always(notify), folder_id: folder };
    return shortening(body, calendarColumns, (shorter) => this.objects.create(shorter, options));
  }

  /** Changes the object itself. @returns false when nothing of the patch is for it */
  async update(
    target: { folder: string; id: string; timestamp: number },
    patch: Patch<Appointment>,
    { present, notify }: { present: CalendarRow | undefined; notify: boolean },
    options: Cancellable,
  ): Promise<WrittenItem | undefined> {
    const body = await this.#body(patch, present, options);
    if (present && patch.recurrence !== undefined) this.#clearOldRecurrence(body, present);
    if (Object.keys(body).length === 0) return undefined;
    return shortening({ ...body, ...always(notify) }, calendarColumns, (shorter) =>
      this.objects.update(target, shorter, options),
    );
  }

  /** Brings the exceptions of a series to the state wanted. What was deleted once cannot come back in OX. */
  async writeExceptions(
    folder: string,
    series: Series,
    wanted: readonly AppointmentException[],
    options: Cancellable & { notify: boolean },
  ): Promise<void> {
    const record = this.reader.record(series.row);
    const gone = new Set(series.row.deleteExceptions.map((date) => originalStartOf(date, record)));
    const present = new Map(series.exceptions.map((row) => [originalStartOf(row.datePosition, record), row]));
    const kept = new Set(wanted.map(({ originalStart }) => originalStart));
    for (const exception of wanted) {
      const row = present.get(exception.originalStart);
      if (exception.deleted !== true) await this.#writeException(folder, { record, series, row }, exception, options);
      else if (!gone.has(exception.originalStart))
        await this.#deleteOccurrence(folder, series, record, exception, row, options);
    }
    // An occurrence that is like its series again: OX keeps the object, with the values of the series.
    for (const [originalStart, row] of present)
      if (!kept.has(originalStart))
        await this.#writeException(folder, { record, series, row }, { originalStart }, options);
  }

  /**
   * Records the user's answer.
   *
   * @param occurrence - `originalStart` of one occurrence, which becomes an exception
   */
  async confirm(
    folder: string,
    series: Series,
    { status, comment = '', occurrence }: { status: ParticipationStatus; comment?: string; occurrence?: Instant },
    options: Cancellable,
  ): Promise<void> {
    const id = occurrence === undefined ? series.row.id : await this.#exceptionAt(folder, series, occurrence, options);
    const parameters = { folder, id, timestamp: whatever };
    const body = { confirmation: confirmation.encode(status), confirmmessage: comment, id: this.people.userId };
    await this.objects.client.call({ module: 'calendar', action: 'confirm', parameters, body }, options);
  }

  async #writeException(
    folder: string,
    { record, series, row }: { record: Appointment; series: Series; row: CalendarRow | undefined },
    exception: AppointmentException,
    options: Cancellable & { notify: boolean },
  ): Promise<void> {
    const occurrence = effectiveOccurrence(record, exception);
    const { start, end } = { start: exception.originalStart, end: exception.originalStart + record.end - record.start };
    const present = row ? this.reader.record(row) : { ...record, start, end };
    const patch = changeOf(present, occurrence) as Patch<Appointment>;
    const id = row?.id ?? series.row.id;
    let exceptionId = row?.id;
    if (Object.keys(patch).length > 0) {
      const times = { start: occurrence.start, end: occurrence.end, allDay: occurrence.allDay };
      const body = await this.#body({ ...(row ? {} : times), ...patch }, row ?? series.row, options);
      if (!row) body['recurrence_date_position'] = datePositionOf(exception.originalStart, record);
      const target = { folder, id, timestamp: whatever };
      const full = { ...body, ...always(options.notify) };
      const written = await shortening(full, calendarColumns, (shorter) =>
        this.objects.update(target, shorter, options),
      );
      exceptionId ??= written?.id;
    }
    if (exception.ownStatus === undefined || exception.ownStatus === present.ownStatus) return;
    const answer = {
      status: exception.ownStatus,
      ...(exceptionId === undefined && { occurrence: exception.originalStart }),
    };
    const answered = exceptionId === undefined ? series : { row: { id: exceptionId } as CalendarRow, exceptions: [] };
    await this.confirm(folder, answered, answer, options);
  }

  async #deleteOccurrence(
    folder: string,
    series: Series,
    record: Appointment,
    { originalStart }: AppointmentException,
    row: CalendarRow | undefined,
    options: Cancellable,
  ): Promise<void> {
    const element = row
      ? { folder, id: row.id }
      : { folder, id: series.row.id, recurrence_date_position: datePositionOf(originalStart, record) };
    const parameters = { timestamp: whatever };
    await this.objects.client.call({ module: 'calendar', action: 'delete', parameters, body: [element] }, options);
  }

  /** Id of the object that stands for an occurrence; made when there is none, with the values that it has anyway. */
  async #exceptionAt(folder: string, series: Series, originalStart: Instant, options: Cancellable): Promise<string> {
    const record = this.reader.record(series.row);
    const known = series.exceptions.find((row) => originalStartOf(row.datePosition, record) === originalStart);
    if (known) return known.id;
    if (!series.row.isSeries) throw new GroupwareError('NOT_FOUND', 'not a series');
    const { start, end, allDay } = effectiveOccurrence(record, { originalStart });
    const body = {
      ...calendarColumns.writeBody({ start, end, allDay }, { people: this.people }),
      ...always(false),
      recurrence_date_position: datePositionOf(originalStart, record),
    };
    const written = await this.objects.update({ folder, id: series.row.id, timestamp: whatever }, body, options);
    if (!written || written.id === series.row.id) throw new GroupwareError('BROKEN_ANSWER', 'OX made no exception');
    return written.id;
  }

  async #body(patch: Patch<Appointment>, present: CalendarRow | undefined, options: Cancellable): Promise<OxBody> {
    const addresses = (patch.attendees ?? []).map(({ address }: Attendee) => address);
    if (patch.organizer) addresses.push(patch.organizer.address);
    await this.people.loadAddresses(addresses, options);
    const fixed = present && patch.attendees !== undefined ? fixedParticipants(present, this.people.userId) : undefined;
    return calendarColumns.writeBody(patch, { people: this.people, ...(fixed && { fixed }) });
  }

  /** Says `null` for what the old pattern has and the new one has not: servers refuse a mixture. */
  #clearOldRecurrence(body: OxBody, present: CalendarRow): void {
    const before = calendarColumns.writeBody(
      { recurrence: this.reader.record(present).recurrence ?? null },
      { people: this.people },
    );
    for (const field of recurrenceFields) if (field in before && !(field in body)) body[field] = null;
  }
}

/** Written with every object: OX then stores what overlaps, and mails participants only when it shall. */
function always(notify: boolean): OxBody {
  return { ignore_conflicts: true, notification: notify };
}

/** Participants that no list of attendees names: the organizer, the user, groups, resources. */
function fixedParticipants(row: CalendarRow, userId: number): OxParticipant[] {
  const participants = (row.value(220) ?? []) as OxParticipant[];
  const organizer = Number(row.value(227) ?? row.value(2) ?? 0);
  return participants
    .filter(({ id, type }) => {
      if (type === participantType.external) return false;
      return type !== participantType.user || Number(id) === organizer || Number(id) === userId;
    })
    .map(({ id, type }) => ({ id: Number(idOf(id)), type }));
}
