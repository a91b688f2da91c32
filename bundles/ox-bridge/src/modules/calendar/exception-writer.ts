import {
  type Appointment,
  type AppointmentException,
  type Cancellable,
  GroupwareError,
  type Instant,
  type ParticipationStatus,
} from '@oxtender/bundle-api';
import { whatever } from '../objects';
import type { CalendarBackend, WriteMode } from './calendar-backend';
import type { CalendarObject } from './calendar-object';
import { changeOf, effectiveOccurrence } from './exceptions';
import type { Series } from './series';

/** A series as it is: the objects, and their records by id. */
export interface PresentSeries<O extends CalendarObject> {
  readonly folder: string;
  readonly series: Series<O>;
  readonly record: Appointment;
  readonly records: ReadonlyMap<string, Appointment>;
}

/** Writes what is particular to occurrences of a series. */
export class ExceptionWriter<O extends CalendarObject> {
  constructor(private readonly backend: CalendarBackend<O>) {}

  /** Brings the exceptions of a series to the state wanted. What was deleted once cannot come back in OX. */
  async write(present: PresentSeries<O>, wanted: readonly AppointmentException[], mode: WriteMode): Promise<void> {
    const { series, record } = present;
    const gone = new Set(series.object.deletedStarts(record));
    const known = new Map(series.exceptions.map((object) => [object.originalStart(record), object]));
    for (const exception of wanted) {
      const object = known.get(exception.originalStart);
      if (exception.deleted !== true) await this.#change(present, object, exception, mode);
      else if (!gone.has(exception.originalStart)) await this.#delete(present, object, exception, mode);
    }
    // An occurrence that is like its series again: OX keeps the object, with the values of the series.
    const kept = new Set(wanted.map(({ originalStart }) => originalStart));
    for (const [originalStart, object] of known)
      if (!kept.has(originalStart)) await this.#change(present, object, { originalStart }, mode);
  }

  /** Records an answer to one occurrence, which becomes an exception. */
  async answer(
    present: PresentSeries<O>,
    {
      occurrence,
      ...answer
    }: { occurrence: Instant; status: ParticipationStatus; comment?: string; attendee?: string },
    { signal }: Cancellable,
  ): Promise<void> {
    const id = await this.#exceptionAt(present, occurrence, { signal, notify: false });
    await this.backend.answer({ folder: present.folder, id }, answer, { signal });
  }

  async #change(
    present: PresentSeries<O>,
    object: O | undefined,
    exception: AppointmentException,
    mode: WriteMode,
  ): Promise<void> {
    const { folder, series, record, records } = present;
    const { originalStart, ownStatus } = exception;
    const asSeries = { ...record, start: originalStart, end: originalStart + record.end - record.start };
    const before = (object && records.get(object.id)) ?? asSeries;
    const occurrence = effectiveOccurrence(record, exception);
    const patch = changeOf(before, occurrence);
    let id = object?.id;
    if (Object.keys(patch).length > 0) {
      if (object) await this.backend.update({ folder, id: object.id, timestamp: whatever }, patch, object, mode);
      else {
        const { start, end, allDay } = occurrence;
        const at = { series: series.object, record, originalStart };
        id = await this.backend.replaceOccurrence(folder, at, { start, end, allDay, ...patch }, mode);
      }
    }
    if (ownStatus === undefined || ownStatus === before.ownStatus) return;
    id ??= await this.#exceptionAt(present, originalStart, mode);
    await this.backend.answer({ folder, id }, { status: ownStatus }, mode);
  }

  async #delete(
    { folder, series, record }: PresentSeries<O>,
    object: O | undefined,
    { originalStart }: AppointmentException,
    mode: WriteMode,
  ): Promise<void> {
    if (!object) return this.backend.deleteOccurrence(folder, { series: series.object, record, originalStart }, mode);
    const [result] = await this.backend.delete(folder, [object.id], mode);
    if (result?.error) throw result.error;
  }

  /** Id of the object that stands for an occurrence; made when there is none, with the values that it has anyway. */
  async #exceptionAt(present: PresentSeries<O>, originalStart: Instant, mode: WriteMode): Promise<string> {
    const { folder, series, record } = present;
    const known = series.exceptions.find((object) => object.originalStart(record) === originalStart);
    if (known) return known.id;
    if (!series.object.isSeries) throw new GroupwareError('NOT_FOUND', 'not a series');
    const { start, end, allDay } = effectiveOccurrence(record, { originalStart });
    const at = { series: series.object, record, originalStart };
    return this.backend.replaceOccurrence(folder, at, { start, end, allDay }, mode);
  }
}
