import type { Appointment, Body, Instant, ParticipationStatus } from '@oxtender/bundle-api';
import { readBody } from '../../classes/body';
import { type ItipMail, composeItipMail } from '../../mail/itip/itip-mail';
import { answerWord } from '../../mail/itip/answer-words';
import { withProposalLine } from '../../mail/itip/proposal-line';
import type { MailSource } from '../../mail/source';
import type { CommandCall } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { htmlToText } from '../../values/html';
import { singleOccurrence } from '../../values/single-occurrence';
import type { Meeting } from './meeting';
import type { MeetingAnswer } from './request';
import { MeetingRefused } from './status';

/** What the user says beyond yes or no. */
export interface Remark {
  readonly body?: Body | undefined;
  readonly proposal?: { readonly start: Instant; readonly end: Instant } | undefined;
}

/** What SendResponse holds; `undefined` when the organizer gets no mail from here. [MS-ASCMD] "SendResponse". */
export function remarkOf({ sendResponse }: MeetingAnswer, { version }: CommandCall): Remark | undefined {
  if (sendResponse === undefined || !isAtLeast(version, '16.0')) return undefined;
  const body = sendResponse.body === undefined ? undefined : (readBody(sendResponse.body) ?? undefined);
  const { proposedStart: start, proposedEnd: end } = sendResponse;
  if (!isAtLeast(version, '16.1') || (start === undefined && end === undefined)) return { body };
  if (start === undefined || end === undefined || end < start)
    throw new MeetingRefused('PROPOSAL_REFUSED', 'a proposal needs a start and an end after it');
  return { body, proposal: { start, end } };
}

/** The remark as plain text, for the calendar. */
export function commentOf({ body }: Remark): string | undefined {
  if (body === undefined || body.content === '') return undefined;
  return body.format === 'html' ? htmlToText(body.content) : body.content;
}

/** The answer for the organizer; undefined when nobody knows where to send it. [RFC 5546] "REPLY", "COUNTER". */
export async function answerMail(
  { appointment, occurrence, mail }: Meeting,
  status: Exclude<ParticipationStatus, 'none'>,
  remark: Remark,
  { call, stamp }: { call: CommandCall; stamp: Instant },
): Promise<MailSource | undefined> {
  const { organizer } = appointment;
  if (!organizer?.address.includes('@')) return undefined;
  const { user } = call.session;
  const from = { name: user.displayName, address: invitedAddress(appointment, call) };
  const { proposal, body } = remark;
  const answered = occurrence === undefined ? appointment : singleOccurrence(appointment, occurrence);
  const meeting = { ...answered, ...proposal };
  const prefix = answerWord(proposal === undefined ? status : 'proposed', user.locale);
  const itip: ItipMail = {
    from,
    to: [organizer],
    subject: `${prefix}: ${meeting.title ?? ''}`.trim(),
    body: proposal === undefined ? body : withProposalLine(body, { ...proposal, allDay: meeting.allDay }, user),
    inReplyTo: mail?.messageId,
    message: {
      method: proposal === undefined ? 'REPLY' : 'COUNTER',
      meeting,
      attendees: [{ ...from, role: 'required', status }],
      occurrence,
      comment: commentOf(remark),
      stamp,
      zone: user.timeZone,
    },
  };
  return composeItipMail(itip);
}

/** The one of the user's addresses that was invited: an organizer knows no other. */
function invitedAddress({ attendees = [] }: Appointment, { session: { user } }: CommandCall): string {
  const invited = new Set(attendees.map(({ address }) => address.toLowerCase()));
  return user.addresses.find((own) => invited.has(own.toLowerCase())) ?? user.primaryAddress;
}
