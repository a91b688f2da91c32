import type { ParticipationStatus } from '../../model/appointment';
import type { Instant } from '../../model/values';
import type { Cancellable } from './calls';
import type { FolderRef, WrittenItem } from './items';

/** The user's answers to invitations. @public */
export interface Invitations {
  /**
   * Records the answer in the user's calendar.
   *
   * @param answer - `proposal`: another time that suits the user better, for the organizer to see; an answer without one
   * takes it back. `occurrence`: `originalStart` of one occurrence; absent: the whole item
   */
  respond(
    folder: FolderRef,
    id: string,
    answer: {
      status: ParticipationStatus;
      comment?: string;
      proposal?: { start: Instant; end: Instant };
      occurrence?: Instant;
    },
    options: Cancellable & { notify: boolean },
  ): Promise<WrittenItem>;
  /** The appointment with this UID in any of the user's calendars. */
  findByUid(uid: string, options: Cancellable): Promise<{ folder: FolderRef; id: string } | undefined>;
  /** Brings a received iTIP message (text/calendar) into the calendar. @returns the item that it made or changed */
  apply(calendar: string, options: Cancellable): Promise<{ folder: FolderRef; id: string } | undefined>;
}
