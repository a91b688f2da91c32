import type { Body, GroupwareUser, Instant } from '@oxtender/bundle-api';
import { escapeHtml, insertBeforeEnd } from '../quote';
import { answerWord } from './answer-words';

/** Another time for a meeting. */
export interface ProposedTimes {
  readonly start: Instant;
  readonly end: Instant;
  /** 00:00 UTC of the first day, and of the day after the last. */
  readonly allDay: boolean;
}

type Reader = Pick<GroupwareUser, 'locale' | 'timeZone'>;

/** What the user says, with the proposed times below it: only few phones show those of the calendar part. */
export function withProposalLine(body: Body | undefined, times: ProposedTimes, user: Reader): Body {
  const line = proposalLine(times, user);
  if (body?.format === 'html')
    return { format: 'html', content: insertBeforeEnd(body.content, `<p>${escapeHtml(line)}</p>`) };
  return { format: 'text', content: body?.content ? `${body.content.trimEnd()}\r\n\r\n${line}` : line };
}

/** `New Time Proposed: Monday, December 7, 2026, 12:00 – 1:00 PM (Europe/Berlin)`, in the user's language. */
function proposalLine({ start, end, allDay }: ProposedTimes, { locale, timeZone }: Reader): string {
  const said = answerWord('proposed', locale);
  const language = languageTag(locale);
  if (allDay) {
    const days = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
    return `${said}: ${days.formatRange(start, Math.max(start, end - 1))}`;
  }
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone });
  return `${said}: ${times.formatRange(start, end)} (${timeZone})`;
}

/** OX writes `de_DE`; English for what is no language. */
function languageTag(locale: string): string {
  return /^[a-z]{2,3}(?:[_-](?:[a-z]{2}|\d{3}))?$/i.test(locale) ? locale.replace('_', '-') : 'en';
}
