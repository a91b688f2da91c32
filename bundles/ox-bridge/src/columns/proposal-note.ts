import { DateTime } from 'luxon';
import type { Attendee, Instant, ParticipationStatus } from '@oxtender/bundle-api';

/** Another time that somebody who is invited proposes. */
export interface Proposal {
  readonly start: Instant;
  readonly end: Instant;
}

type AnswerFields = Pick<Attendee, 'comment' | 'proposedStart' | 'proposedEnd'>;

const words = 'New time proposed';
const format = 'yyyy-MM-dd HH:mm';
const note = new RegExp(`(?:^|\\r?\\n)${words}: (\\S+ \\S+) - (\\S+ \\S+) UTC\\s*$`);

/**
 * OX has no field for a proposal: it is the last line of the comment that goes with the answer, where the web front end
 * shows it to the organizer.
 */
export function withProposal(comment: string | undefined, proposal: Proposal | undefined): string | undefined {
  if (proposal === undefined) return comment;
  const line = `${words}: ${written(proposal.start)} - ${written(proposal.end)} UTC`;
  return comment ? `${comment.trimEnd()}\n${line}` : line;
}

/** What a comment says, and what it proposes. Without an answer nothing is proposed: it was to times that are gone. */
export function commentFields(comment: string | null | undefined, status: ParticipationStatus): AnswerFields {
  if (!comment) return {};
  const found = note.exec(comment);
  const [start, end] = [found?.[1], found?.[2]].map(read);
  if (!found || start === undefined || end === undefined) return { comment };
  const rest = comment.slice(0, found.index);
  return { ...(rest && { comment: rest }), ...(status !== 'none' && { proposedStart: start, proposedEnd: end }) };
}

/** The comment as it is kept. */
export function keptComment({ comment, proposedStart: start, proposedEnd: end }: Attendee): string | undefined {
  return withProposal(comment, start === undefined || end === undefined ? undefined : { start, end });
}

function written(instant: Instant): string {
  return DateTime.fromMillis(instant, { zone: 'UTC' }).toFormat(format);
}

function read(text = ''): Instant | undefined {
  const time = DateTime.fromFormat(text, format, { zone: 'UTC' });
  return time.isValid ? time.toMillis() : undefined;
}
