import type { AttachmentInfo, Body, Instant, Mailbox, Recurrence, Sensitivity, TimeZoneId } from './values';

/** How an appointment blocks its time. [MS-ASCAL] "BusyStatus". @public */
export type BusyStatus = 'free' | 'tentative' | 'busy' | 'away' | 'elsewhere';

/** An attendee's answer; `none` before one was given. @public */
export type ParticipationStatus = 'none' | 'accepted' | 'tentative' | 'declined';

/** Somebody who is invited, and what they answered. @public */
export interface Attendee extends Mailbox {
  readonly role: 'required' | 'optional' | 'resource';
  readonly status: ParticipationStatus;
  readonly comment?: string;
  /** A new time that the attendee proposed. */
  readonly proposedStart?: Instant;
  readonly proposedEnd?: Instant;
}

/** A place; `displayName` is what simple clients show. @public */
export interface Location {
  readonly displayName?: string;
  readonly annotation?: string;
  readonly street?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
  readonly postalCode?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly uri?: string;
}

/** Fields that an occurrence may have different from its series. @public */
export interface Occurrence {
  readonly title?: string;
  readonly location?: Location;
  /**
   * Timed: the moment. All-day: 00:00 UTC of the first day.
   */
  readonly start: Instant;
  /** Exclusive. All-day: 00:00 UTC of the day after the last. */
  readonly end: Instant;
  readonly allDay: boolean;
  readonly body?: Body;
  readonly busyStatus?: BusyStatus;
  readonly sensitivity?: Sensitivity;
  /** Minutes before the start. */
  readonly reminder?: number;
  readonly categories?: readonly string[];
  readonly attendees?: readonly Attendee[];
  readonly cancelled?: boolean;
  readonly attachments?: readonly AttachmentInfo[];
}

/** One occurrence that was deleted or changed. @public */
export interface AppointmentException extends Partial<Occurrence> {
  /** When the occurrence would have begun; all-day: 00:00 UTC of the date. The key of the exception. */
  readonly originalStart: Instant;
  readonly deleted?: boolean;
  /** The user's own answer for this occurrence. */
  readonly ownStatus?: ParticipationStatus;
}

/**
 * An appointment or a whole series with its exceptions: one item, whatever the groupware stores.
 *
 * @public
 */
export interface Appointment extends Occurrence {
  /** iCalendar UID. */
  readonly uid?: string;
  /** Zone in which a series repeats, and in which a person wrote the times. Absent for all-day. */
  readonly timeZone?: TimeZoneId;
  readonly recurrence?: Recurrence;
  /** Sorted by `originalStart`. */
  readonly exceptions?: readonly AppointmentException[];
  readonly organizer?: Mailbox;
  /** True when the user is the organizer, or nobody else takes part. */
  readonly ownedByUser?: boolean;
  /** The user's own answer. */
  readonly ownStatus?: ParticipationStatus;
  readonly ownReplyTime?: Instant;
  readonly responseRequested?: boolean;
  readonly disallowNewTimeProposal?: boolean;
  readonly onlineMeetingUri?: string;
  readonly sequence?: number;
  /** When the groupware last changed it. */
  readonly lastModified?: Instant;
}
