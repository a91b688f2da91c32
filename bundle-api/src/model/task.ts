import type { AttachmentInfo, Body, Importance, Instant, Recurrence, Sensitivity } from './values';

/** How far a task has come. iCalendar STATUS of VTODO. @public */
export type TaskStatus = 'not-started' | 'in-progress' | 'done' | 'waiting' | 'deferred';

/** A task. Its patch: absent = leave as it is, null = clear. @public */
export interface Task {
  readonly title?: string;
  readonly body?: Body;
  /** Date-only values (`allDay`) are 00:00 UTC of the date. */
  readonly start?: Instant;
  readonly due?: Instant;
  /** True when `start` and `due` are dates. Default true. */
  readonly allDay?: boolean;
  readonly status?: TaskStatus;
  /** 0 to 100; 100 exactly when `status` is done. */
  readonly percentCompleted?: number;
  readonly completedAt?: Instant;
  readonly importance?: Importance;
  readonly sensitivity?: Sensitivity;
  readonly reminder?: Instant;
  /** The series; the item is its current occurrence. Completing it makes the groupware create the next as a new item. */
  readonly recurrence?: Recurrence;
  /** The next task begins when this one is done. */
  readonly regenerate?: boolean;
  readonly categories?: readonly string[];
  readonly attachments?: readonly AttachmentInfo[];
  readonly uid?: string;
}
