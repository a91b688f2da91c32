import { text as textOf } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Joiner, Rewriter, type RewriterNode, Splitter } from '@zone-eu/mailsplit';
import ICAL from 'ical.js';
import { isShortened } from '../uids/device-uid';
import { isSealed } from './compose';
import { type MailSource, splitSource, streamSource } from './source';

/** UID of an event, over as many lines as it was folded to. [RFC 5545] "Unique Identifier". */
const uidProperty = /^UID(?:;[^:\r\n]*)?:((?:[^\r\n]|\r?\n[ \t])*)/gim;

/**
 * A device that writes mails about meetings itself names events by the UIDs that it was given. Where such a one stands for
 * a longer one, nobody else knows it: the calendar's own is put in its place. Any other mail stays as it is.
 *
 * @param original - the calendar's UID for one that a device got
 */
export async function withOriginalUids(
  mail: MailSource,
  original: (uid: string) => Promise<string>,
): Promise<MailSource> {
  if (isSealed(mail) || !mentionsCalendar(mail)) return mail;
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
  const parts: Uint8Array[] = [];
  await pipeline(Readable.from(streamSource(mail)), new Splitter(), rewriter, joined, async (source) => {
    for await (const part of source as AsyncIterable<Uint8Array>) parts.push(part);
  });
  return calendars.changed ? splitSource(Buffer.concat(parts)) : mail;
}

function mentionsCalendar({ headers, body }: MailSource): boolean {
  return /text\/calendar/i.test(headers.getFirst('content-type')) || /text\/calendar/i.test(body.toString('latin1'));
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
