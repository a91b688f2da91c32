import { isOxtenderError, type Invitations, type ParticipationStatus } from '@oxtender/bundle-api';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { encode } from '../../wbxml';
import { type Outbox, digestOf } from '../send/outbox';
import { type Remark, answerMail, commentOf, remarkOf } from './answer-mail';
import { AnswerJournal, type RecordedAnswer } from './journal';
import { type Meeting, MeetingFinder } from './meeting';
import type { MeetingAnswer } from './request';
import { MeetingRefused } from './status';

/** [MS-ASCMD] "UserResponse". */
const userResponses = { 1: 'accepted', 2: 'tentative', 3: 'declined' } as const satisfies Record<
  number,
  ParticipationStatus
>;

/** What one answer needs. */
export interface AnswerParts {
  readonly call: CommandCall;
  readonly invitations: Invitations;
  readonly outbox: Outbox;
  readonly services: CommandServices;
}

/**
 * Carries out one answer: into the calendar, to the organizer if the device asks for it, and the request out of the inbox.
 * A repeat goes on where the first attempt ended.
 *
 * @returns ServerId of the meeting, unless it was declined
 * @throws MeetingRefused
 */
export async function answerMeeting(asked: MeetingAnswer, parts: AnswerParts): Promise<string | undefined> {
  const { call } = parts;
  const journal = new AnswerJournal(call.session);
  const request = `${asked.requestId ?? asked.longId ?? ''}/${asked.instanceId ?? 'series'}`;
  const answer = digestOfAnswer(asked);
  const known = journal.find(request);
  const same = known?.answer === answer ? known : undefined;
  const remark = remarkOf(asked, call);
  const status = userResponses[asked.userResponse];

  const meeting = await findUnlessDone(asked, same, parts);
  if (!meeting || (same?.state === 'done' && stands(meeting, status))) {
    call.log.info('the meeting was answered before, nothing is done twice');
    if (same && same.state !== 'done') await journal.record({ ...same, state: 'done' });
    return same?.calendarId;
  }
  const pending: RecordedAnswer = {
    request,
    answer,
    round: same?.state === 'pending' ? same.round : (known?.round ?? 0) + 1,
    state: 'pending',
    calendarId: status === 'declined' ? undefined : await calendarIdOf(meeting, call),
  };
  await journal.record(pending);
  await carryOut(meeting, { status, remark, key: `meeting/${request}/${pending.round}` }, parts);
  await journal.record({ ...pending, state: 'done' });
  return pending.calendarId;
}

/** `undefined`: the request is not there any more, because it was answered. */
async function findUnlessDone(
  asked: MeetingAnswer,
  same: RecordedAnswer | undefined,
  { call, invitations }: AnswerParts,
): Promise<Meeting | undefined> {
  try {
    return await new MeetingFinder(call, invitations).find(asked);
  } catch (error) {
    if (same && isOxtenderError(error, 'NO_MEETING_REQUEST')) return undefined;
    throw error;
  }
}

/** True when the calendar still says what was answered: after an update of the meeting it does not. */
function stands({ appointment, occurrence, mail }: Meeting, status: ParticipationStatus): boolean {
  if (mail !== undefined) return false;
  const exception = appointment.exceptions?.find(({ originalStart }) => originalStart === occurrence);
  return (exception?.ownStatus ?? appointment.ownStatus) === status;
}

interface Outcome {
  readonly status: Exclude<ParticipationStatus, 'none'>;
  readonly remark: Remark | undefined;
  /** By which the mail to the organizer is known. */
  readonly key: string;
}

async function carryOut(meeting: Meeting, { status, remark, key }: Outcome, parts: AnswerParts): Promise<void> {
  const { call, outbox, services } = parts;
  await respond(meeting, { status, comment: remark && commentOf(remark), proposal: remark?.proposal }, parts);
  if (remark) {
    const stamp = services.clock.now();
    const mail = await answerMail(meeting, status, remark, { call, stamp });
    if (mail) await outbox.send({ mail, key, saveInSent: true }, call);
    else call.log.warn('the organizer gets no mail: the meeting names no address');
  }
  if (meeting.mail) {
    const { folder, id } = meeting.mail;
    const [deleted] = await call.session.groupware.delete(folder, [id], { mode: 'trash', signal: call.signal });
    if (deleted?.error) call.log.warn('the request stays in its folder', { error: deleted.error });
  }
}

async function respond(
  { folder, id, occurrence }: Meeting,
  {
    status,
    comment,
    proposal,
  }: { status: ParticipationStatus; comment: string | undefined } & Pick<Remark, 'proposal'>,
  { call: { signal }, invitations }: AnswerParts,
): Promise<void> {
  const answer = {
    status,
    ...(comment === undefined ? {} : { comment }),
    ...(proposal === undefined ? {} : { proposal }),
    ...(occurrence === undefined ? {} : { occurrence }),
  };
  try {
    await invitations.respond(folder, id, answer, { notify: false, signal });
  } catch (cause) {
    if (occurrence !== undefined && isOxtenderError(cause, 'NOT_FOUND', 'INVALID'))
      throw new MeetingRefused('NO_SUCH_OCCURRENCE', 'the series has no such occurrence', { cause });
    if (isOxtenderError(cause, 'NOT_FOUND')) throw new MeetingRefused('NO_MEETING_REQUEST', 'it is gone', { cause });
    if (isOxtenderError(cause, 'PERMISSION', 'INVALID'))
      throw new MeetingRefused('CALENDAR_REFUSED', 'the calendar does not take the answer', { cause });
    throw cause;
  }
}

/** `undefined` when the device does not know the calendar. */
async function calendarIdOf({ folder, id }: Meeting, { session, signal }: CommandCall): Promise<string | undefined> {
  const known = (await session.folders({ signal })).find((one) => one.id === folder.id);
  return known && session.serverIdOf(known.collectionId, id);
}

function digestOfAnswer({ userResponse, sendResponse }: MeetingAnswer): string {
  const { body, proposedStart, proposedEnd } = sendResponse ?? {};
  const words = [userResponse, sendResponse !== undefined, proposedStart ?? '', proposedEnd ?? ''].join();
  return digestOf(Buffer.concat([Buffer.from(words), ...(body ? [encode(body)] : [])])).slice(0, 16);
}
