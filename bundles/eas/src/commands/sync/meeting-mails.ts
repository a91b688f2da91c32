import {
  type CollectionSync,
  type Instant,
  type Message,
  type SyncFolder,
  isOxtenderError,
} from '@oxtender/bundle-api';
import { sameAddress } from '../../classes/calendar/attendees';
import { type CalendarPart, parseCalendarPart } from '../../classes/email/calendar-part';
import type { AppliedMails } from '../../meetings/applied-mails';
import type { CommandCall } from '../../protocol/command';
import { day } from '../../values/date-time';

interface MeetingMail {
  readonly message: Message;
  readonly calendar: string;
  readonly part: CalendarPart;
}

/**
 * Brings into the calendar what new mails say about meetings, before the device is told of them: an invitation shows as
 * one that waits for an answer, an answer with who gave it. [MS-ASCMD] "Downloading Meeting Requests". Each mail counts
 * once, whichever device gets it first, so that a meeting which the user deleted does not come back with the mail.
 */
export async function applyMeetingMails(
  { changes, itemClass }: CollectionSync,
  folder: SyncFolder,
  applied: AppliedMails,
  call: CommandCall,
): Promise<void> {
  if (folder.role !== 'inbox' || itemClass !== 'Email') return;
  const since = call.session.device.firstSeen - day;
  const mails = changes
    .flatMap((change) => (change.kind === 'add' ? meetingMail(change.item as Message, call) : []))
    .filter(({ message }) => receiptOf(message) >= since)
    .sort((one, other) => receiptOf(one.message) - receiptOf(other.message));
  const invitations = mails.length === 0 ? undefined : call.session.groupware.invitations;
  if (!invitations) return;
  const { user } = call.session;
  for (const at of await applied.missing(user, mails.map(nameOf))) {
    const mail = mails[at];
    if (!mail) continue;
    await apply(() => invitations.apply(mail.calendar, { signal: call.signal }), mail.message, call);
    await applied.note(user, nameOf(mail));
  }
}

function nameOf({ message: { messageId = '' }, calendar }: MeetingMail): string {
  return messageId === '' ? calendar : messageId;
}

/** A groupware that is out of order ends the request: the device asks again. What it refuses is refused for good. */
async function apply(work: () => Promise<unknown>, { messageId }: Message, { log }: CommandCall): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOxtenderError(error, 'INVALID', 'PERMISSION', 'NOT_FOUND', 'EXISTS', 'TOO_LONG', 'UNSUPPORTED', 'QUOTA'))
      throw error;
    log.warn('what a mail says about a meeting is not in the calendar', { messageId, error });
  }
}

function meetingMail(message: Message, { session, log }: CommandCall): MeetingMail[] {
  const { calendar, messageId } = message;
  const part = calendar === undefined ? undefined : parseCalendarPart(calendar, session.user.timeZone);
  if (calendar === undefined || part === undefined || part.uid === '' || part.method === 'OTHER') return [];
  if (isFromWhoMaySay(part, message)) return [{ message, calendar, part }];
  log.info('a mail about a meeting is from somebody else than it says', { messageId });
  return [];
}

/** The organizer about the meeting, an attendee about himself. [RFC 6047] "Security Considerations". */
function isFromWhoMaySay({ method, organizer, attendees }: CalendarPart, { from = [], sender }: Message): boolean {
  const said = method === 'REQUEST' || method === 'CANCEL' ? organizer?.address : attendees[0]?.address;
  return said !== undefined && [...from, ...(sender ? [sender] : [])].some(({ address }) => sameAddress(address, said));
}

function receiptOf({ receivedAt, sentAt }: Message): Instant {
  return receivedAt ?? sentAt ?? 0;
}
