import { text as textOf } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Joiner, Rewriter, type RewriterNode, Splitter } from '@zone-eu/mailsplit';
import ICAL from 'ical.js';
import { isShortened } from '../uids/device-uid';
import { isSealed } from './compose';
import type { Contents } from '../content/contents';
import { type MailSource, splitSource, streamSource } from './source';

/** UID of an event, over as many lines as it was folded to. [RFC 5545] "Unique Identifier". */
const uidProperty = /^UID(?:;[^:\r\n]*)?:((?:[^\r\n]|\r?\n[ \t])*)/gim;

const calendarType = /text\/calendar/i;

/**
 * A device that writes mails about meetings itself names events by the UIDs that it was given. Where such a one stands for
 * a longer one, nobody else knows it: the calendar's own is put in its place. Any other mail stays as it is.
 *
 * @param original - the calendar's UID for one that a device got
 */
export async function withOriginalUids(
  mail: MailSource,
  original: (uid: string) => Promise<string>,
  contents: Contents,
): Promise<MailSource> {
  if (isSealed(mail) || !(await mentionsCalendar(mail))) return mail;
  const calendars = { changed: false };
  const rewrite = async ({ decoder, encoder }: RewriterNode): Promise<void> => {
    const before = await textOf(decoder);
    const after = await replaceUids(before, original);
    calendars.changed ||= after !== before;
    encoder.end(after);
  };
  const joined = new Joiner();
  const rewriter = new Rewriter(({ contentType }) => contentType === 'text/calendar');
  rewriter.on(
    'node',
    (node: RewriterNode) => void rewrite(node).catch((error: unknown) => rewriter.destroy(error as Error)),
  );
  const rewritten = await pipeline(
    Readable.from(streamSource(mail)),
    new Splitter(),
    rewriter,
    joined,
    (source: AsyncIterable<Uint8Array>) => contents.store(source),
  );
  return calendars.changed ? splitSource(rewritten) : mail;
}

async function mentionsCalendar({ headers, body }: MailSource): Promise<boolean> {
  if (calendarType.test(headers.getFirst('content-type'))) return true;
  let before = '';
  for await (const piece of body.stream()) {
    const text = before + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    if (calendarType.test(text)) return true;
    // Where a piece ends, the words may go on in the next.
    before = text.slice(-20);
  }
  return false;
}

async function replaceUids(calendar: string, original: (uid: string) => Promise<string>): Promise<string> {
  const properties = [...calendar.matchAll(uidProperty)].map(([line, value = '']) => ({
    line,
    uid: value.replaceAll(/\r?\n[ \t]/g, '').trim(),
  }));
  let result = calendar;
  for (const { line, uid } of properties.filter(({ uid }) => isShortened(uid))) {
    const known = await original(uid);
    if (known !== uid)
      result = result.replace(line, () =>
        ICAL.stringify.property(['uid', {}, 'text', known], ICAL.design.icalendar, false),
      );
  }
  return result;
}
