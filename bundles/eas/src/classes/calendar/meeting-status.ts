import type { ParticipationStatus } from '@oxtender/bundle-api';
import type { ItemContext } from '../item-context';
import { invited, isOwn } from './attendees';

/** Bits of MeetingStatus. [MS-ASCAL] "MeetingStatus". */
export const MeetingBit = { Meeting: 1, Received: 2, Cancelled: 4 } as const;

type Meeting = Parameters<typeof invited>[0];

/** True when the user invites, or nobody is invited. */
export function isOrganizer({ ownedByUser, organizer }: Meeting, context: ItemContext): boolean {
  return ownedByUser ?? (organizer === undefined || isOwn(organizer.address, context));
}

/** MeetingStatus of an appointment. Without other people it is none. */
export function meetingStatus(item: Meeting, context: ItemContext): number {
  const received = !isOrganizer(item, context);
  const people = invited(item, context).some(({ address }) => !isOwn(address, context));
  if (!received && !people && item.cancelled !== true) return 0;
  return (
    MeetingBit.Meeting + (received ? MeetingBit.Received : 0) + (item.cancelled === true ? MeetingBit.Cancelled : 0)
  );
}

/** [MS-ASCAL] "ResponseType". */
const responseTypes: Readonly<Record<ParticipationStatus, number>> = {
  tentative: 2,
  accepted: 3,
  declined: 4,
  none: 5,
};
const noMeeting = 0;
const organizerOfMeeting = 1;

/** ResponseType of an appointment: the user's own part. */
export function responseType(item: Meeting & { ownStatus?: ParticipationStatus }, context: ItemContext): number {
  if (!isOrganizer(item, context)) return responseTypes[item.ownStatus ?? 'none'];
  return meetingStatus(item, context) === 0 ? noMeeting : organizerOfMeeting;
}
