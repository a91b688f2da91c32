import ICAL from 'ical.js';
import type { Instant } from '@oxtender/bundle-api';
import { decodeRule } from '../../../itip/recurrence-rule';
import { type CalendarObject, lastEndOf } from '../calendar-object';
import { decodeDateTime, decodeRecurrenceId } from './date-time';
import type { OxEvent } from './event';

/** An event of the module `chronos`. */
export class ChronosEvent implements CalendarObject {
  constructor(readonly event: OxEvent) {}

  get id(): string {
    return this.event.id;
  }

  get lastModified(): number {
    return this.event.timestamp ?? this.event.lastModified ?? 0;
  }

  get exceptionOf(): string | undefined {
    const { id, seriesId } = this.event;
    return seriesId === undefined || seriesId === id ? undefined : seriesId;
  }

  get isSeries(): boolean {
    return this.event.rrule !== undefined && this.exceptionOf === undefined;
  }

  get hasExceptions(): boolean {
    return this.isSeries && (this.event.changeExceptionDates?.length ?? 0) > 0;
  }

  get end(): Instant {
    return decodeDateTime(this.event.endDate ?? this.event.startDate);
  }

  get lastEnd(): Instant | undefined {
    const { rrule, startDate } = this.event;
    if (!this.isSeries || rrule === undefined) return this.end;
    const { until, count } = ICAL.Recur.fromString(rrule);
    const recurrence = decodeRule(rrule, startDate.tzid);
    if (!recurrence) return undefined;
    return lastEndOf({
      ...recurrence,
      start: decodeDateTime(startDate),
      end: this.end,
      until: until ? until.toUnixTime() * 1000 : undefined,
      occurrences: count ?? undefined,
    });
  }

  originalStart(): Instant {
    return decodeRecurrenceId(this.event.recurrenceId ?? '');
  }

  deletedStarts(): Instant[] {
    return (this.event.deleteExceptionDates ?? []).map(decodeRecurrenceId);
  }
}
