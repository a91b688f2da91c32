import { OxtenderError } from '@oxtender/bundle-api';
import { commonStatus } from '../../protocol/common-status';

/** Status values. [MS-ASCMD] "Status (MeetingResponse)". */
export const MeetingResponseStatus = { Success: 1, InvalidRequest: 2, MailboxError: 3, ServerError: 4 } as const;

type RefusalCode =
  | 'NO_MEETING_REQUEST'
  | 'USER_IS_ORGANIZER'
  | 'NO_SUCH_OCCURRENCE'
  | 'NO_SERIES'
  | 'PROPOSAL_REFUSED'
  | 'CALENDAR_REFUSED';

/** Why one request of a MeetingResponse is not carried out. */
export class MeetingRefused extends OxtenderError<RefusalCode> {}

const statuses: Readonly<Record<RefusalCode, number>> = {
  NO_MEETING_REQUEST: MeetingResponseStatus.InvalidRequest,
  USER_IS_ORGANIZER: MeetingResponseStatus.InvalidRequest,
  NO_SUCH_OCCURRENCE: MeetingResponseStatus.InvalidRequest,
  PROPOSAL_REFUSED: MeetingResponseStatus.InvalidRequest,
  NO_SERIES: commonStatus('NO_RECURRENCE_IN_CALENDAR'),
  CALENDAR_REFUSED: MeetingResponseStatus.MailboxError,
};

export function statusOf(refusal: MeetingRefused): number {
  return statuses[refusal.code];
}
