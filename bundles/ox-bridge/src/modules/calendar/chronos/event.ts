import type { DateTimeData } from './date-time';

/** Somebody. OX HTTP API, "CalendarUser" and "Attendee". */
export interface OxAttendee {
  readonly uri?: string;
  readonly cn?: string;
  readonly email?: string;
  /** Id of an internal user, group or resource. */
  readonly entity?: number;
  readonly cuType?: string;
  readonly role?: string;
  readonly partStat?: string;
  readonly comment?: string;
}

/** OX HTTP API, "Alarm". */
export interface OxAlarm {
  readonly action?: string;
  readonly trigger?: { readonly duration?: string; readonly related?: string };
}

/** OX HTTP API, "ChronosAttachment". */
export interface OxEventFile {
  readonly managedId: number | string;
  readonly filename?: string;
  readonly fmtType?: string;
  readonly size?: number;
}

/** What is read of an event; every field may be missing. OX HTTP API, "EventData". */
export interface OxEvent {
  readonly id: string;
  readonly folder?: string;
  readonly seriesId?: string;
  readonly recurrenceId?: string;
  readonly timestamp?: number;
  readonly lastModified?: number;
  readonly uid?: string;
  readonly sequence?: number;
  readonly summary?: string;
  readonly description?: string;
  readonly location?: string;
  readonly startDate: DateTimeData;
  readonly endDate?: DateTimeData;
  readonly categories?: readonly string[];
  readonly class?: string;
  readonly transp?: string;
  readonly status?: string;
  readonly rrule?: string;
  readonly changeExceptionDates?: readonly string[];
  readonly deleteExceptionDates?: readonly string[];
  readonly organizer?: OxAttendee;
  readonly attendees?: readonly OxAttendee[];
  readonly alarms?: readonly OxAlarm[];
  readonly attachments?: readonly OxEventFile[];
  readonly extendedProperties?: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
}

/** Fields enough for ids, versions and dates. */
export const outlineFields = 'id,seriesId,recurrenceId,timestamp,lastModified,startDate,endDate,rrule';
