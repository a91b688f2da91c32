import {
  type Appointment,
  type AppointmentException,
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

/** How a write is to be done. */
export interface WriteMode extends Cancellable {
  /** Participants are told. */
  readonly notify: boolean;
}

/** A user's answer to an invitation. */
export interface Answer {
  readonly status: ParticipationStatus;
  readonly comment?: string;
}

/** A series as it is in OX, and the record of its own object. */
interface PresentSeries {
  readonly folder: string;
  readonly series: Series;
  readonly record: Appointment;
}

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
  async create(folder: string, item: Appointment, mode: WriteMode): Promise<WrittenItem> {
    const body = await this.#body({ timeZone: this.timeZone, ...item }, undefined, mode);
    const full = { ...body, ...always(mode), folder_id: folder };
    return shortening(full, calendarColumns, (shorter) => this.objects.create(shorter, mode));
  }

  /**
   * Changes the object itself.
   *
   * @param present - what is there, needed when the patch is about people or recurrence
   * @returns undefined when nothing of the patch is for it
   */
  async update(
    target: { folder: string; id: string; timestamp: number },
    patch: Patch<Appointment>,
    present: CalendarRow | undefined,
    mode: WriteMode,
  ): Promise<WrittenItem | undefined> {
    const body = await this.#body(patch, present, mode);
    if (present && patch.recurrence !== undefined) this.#clearOldRecurrence(body, present);
    if (Object.keys(body).length === 0) return undefined;
    return shortening({ ...body, ...always(mode) }, calendarColumns, (shorter) =>
      this.objects.update(target, shorter, mode),
    );
  }

  /** Brings the exceptions of a series to the state wanted. What was deleted once cannot come back in OX. */
  async writeExceptions(
    folder: string,
    series: Series,
    wanted: readonly AppointmentException[],
    mode: WriteMode,
  ): Promise<void> {
    const record = this.reader.record(series.row);
    const context = { folder, series, record };
    const gone = new Set(series.row.deleteExceptions.map((date) => originalStartOf(date, record)));
    const present = new Map(series.exceptions.map((row) => [originalStartOf(row.datePosition, record), row]));
    for (const exception of wanted) {
      const row = present.get(exception.originalStart);
      if (exception.deleted !== true) await this.#writeException(context, row, exception, mode);
      else if (!gone.has(exception.originalStart)) await this.#deleteOccurrence(context, row, exception, mode);
    }
    // An occurrence that is like its series again: OX keeps the object, with the values of the series.
    const kept = new Set(wanted.map(({ originalStart }) => originalStart));
    for (const [originalStart, row] of present)
      if (!kept.has(originalStart)) await this.#writeException(context, row, { originalStart }, mode);
  }

  /** Records the user's answer to one object: an appointment, a series, or an exception. */
  async answer(folder: string, id: string, { status, comment = '' }: Answer, options: Cancellable): Promise<void> {
    const parameters = { folder, id, timestamp: whatever };
    const body = { confirmation: confirmation.encode(status), confirmmessage: comment, id: this.people.userId };
    await this.objects.client.call({ module: 'calendar', action: 'confirm', parameters, body }, options);
  }

  /** Records the user's answer to one occurrence of a series, which becomes an exception. */
  async answerOccurrence(
    folder: string,
    series: Series,
    answer: Answer & { readonly occurrence: Instant },
    options: Cancellable,
  ): Promise<void> {
    const context = { folder, series, record: this.reader.record(series.row) };
    const { signal } = options;
    await this.answer(
      folder,
      await this.#exceptionAt(context, answer.occurrence, { signal, notify: false }),
      answer,
      options,
    );
  }

  async #writeException(
    context: PresentSeries,
    row: CalendarRow | undefined,
    exception: AppointmentException,
    mode: WriteMode,
  ): Promise<void> {
    const { folder, record } = context;
    const { originalStart, ownStatus } = exception;
    const occurrence = effectiveOccurrence(record, exception);
    const asSeries = { ...record, start: originalStart, end: originalStart + record.end - record.start };
    const present = row ? this.reader.record(row) : asSeries;
    const patch = changeOf(present, occurrence);
    const changed = Object.keys(patch).length > 0;
    const id = changed
      ? await this.#changeOccurrence(context, { row, originalStart, occurrence, patch }, mode)
      : row?.id;
    if (ownStatus === undefined || ownStatus === present.ownStatus) return;
    await this.answer(
      folder,
      id ?? (await this.#exceptionAt(context, originalStart, mode)),
      { status: ownStatus },
      mode,
    );
  }

  /** @returns id of the exception */
  async #changeOccurrence(
    { folder, series, record }: PresentSeries,
    change: {
      readonly row: CalendarRow | undefined;
      readonly originalStart: Instant;
      readonly occurrence: Appointment;
      readonly patch: Patch<Appointment>;
    },
    mode: WriteMode,
  ): Promise<string> {
    const { row, originalStart, occurrence, patch } = change;
    const { start, end, allDay } = occurrence;
    const body = await this.#body(row ? patch : { start, end, allDay, ...patch }, row ?? series.row, mode);
    const full = {
      ...body,
      ...always(mode),
      ...(!row && { recurrence_date_position: datePositionOf(originalStart, record) }),
    };
    const target = { folder, id: row?.id ?? series.row.id, timestamp: whatever };
    const written = await shortening(full, calendarColumns, (shorter) => this.objects.update(target, shorter, mode));
    return written?.id ?? target.id;
  }

  async #deleteOccurrence(
    { folder, series, record }: PresentSeries,
    row: CalendarRow | undefined,
    { originalStart }: AppointmentException,
    options: Cancellable,
  ): Promise<void> {
    const element = row
      ? { folder, id: row.id }
      : { folder, id: series.row.id, recurrence_date_position: datePositionOf(originalStart, record) };
    const parameters = { timestamp: whatever };
    await this.objects.client.call({ module: 'calendar', action: 'delete', parameters, body: [element] }, options);
  }

  /** Id of the object that stands for an occurrence; made when there is none, with the values that it has anyway. */
  async #exceptionAt(context: PresentSeries, originalStart: Instant, mode: WriteMode): Promise<string> {
    const { series, record } = context;
    const known = series.exceptions.find((row) => originalStartOf(row.datePosition, record) === originalStart);
    if (known) return known.id;
    if (!series.row.isSeries) throw new GroupwareError('NOT_FOUND', 'not a series');
    const occurrence = effectiveOccurrence(record, { originalStart });
    const id = await this.#changeOccurrence(context, { row: undefined, originalStart, occurrence, patch: {} }, mode);
    if (id === series.row.id) throw new GroupwareError('BROKEN_ANSWER', 'OX made no exception');
    return id;
  }

  async #body(patch: Patch<Appointment>, present: CalendarRow | undefined, options: Cancellable): Promise<OxBody> {
    const addresses = (patch.attendees ?? []).map(({ address }) => address);
    if (patch.organizer) addresses.push(patch.organizer.address);
    await this.people.loadAddresses(addresses, options);
    const fixed = present && patch.attendees !== undefined ? fixedParticipants(present, this.people.userId) : undefined;
    return calendarColumns.writeBody(patch, { people: this.people, ...(fixed && { fixed }) });
  }

  /** Says `null` for what the old pattern has and the new one has not: servers refuse a mixture. */
  #clearOldRecurrence(body: OxBody, present: CalendarRow): void {
    const { recurrence = null } = this.reader.record(present);
    const before = calendarColumns.writeBody({ recurrence }, { people: this.people });
    for (const field of recurrenceFields) if (field in before && !(field in body)) body[field] = null;
  }
}

/** Written with every object: OX then stores what overlaps, and mails participants only when it shall. */
function always({ notify }: WriteMode): OxBody {
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
