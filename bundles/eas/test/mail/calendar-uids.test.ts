import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import type { Contents } from '../../src/content/contents';
import { withOriginalUids } from '../../src/mail/calendar-uids';
import { splitSource } from '../../src/mail/source';
import { deviceUid } from '../../src/uids/device-uid';
import { TemporaryContents } from '../content/temporary-contents';

const long = `${'0123456789'.repeat(40)}@example.org`;
const short = deviceUid(long);
const original = (uid: string) => Promise.resolve(uid === short ? long : uid);

/** Lines of an event, folded as RFC 5545 has it. */
const event = (uid: string): string =>
  ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${uid}`, 'SUMMARY:Grüße', 'END:VEVENT', 'END:VCALENDAR', '']
    .map((line) => line.replaceAll(/.{60}(?=.)/gu, '$&\r\n '))
    .join('\r\n');

const encoded: Readonly<Record<string, (text: string) => string>> = {
  '8bit': (text) => text,
  base64: (text) => Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
};

const mailWith = (calendar: string, encoding: string): Buffer =>
  Buffer.from(
    [
      'From: anna@example.com',
      'Subject: Accepted',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      `About ${short}`,
      '--b',
      'Content-Type: text/calendar; charset=utf-8; method=REPLY',
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      encoded[encoding]?.(calendar) ?? '',
      '--b--',
      '',
    ].join('\r\n'),
  );

async function calendarOf({ headers, body }: Awaited<ReturnType<typeof withOriginalUids>>): Promise<string> {
  const parsed = await simpleParser(Buffer.concat([headers.build(), body.read()]));
  const part = parsed.attachments.find(({ contentType }) => contentType === 'text/calendar');
  return (part?.content.toString('utf8') ?? '').replaceAll(/\r?\n[ \t]/g, '');
}

describe('mails about meetings that a device writes', () => {
  let temporary: TemporaryContents;
  let contents: Contents;

  before(async () => {
    temporary = await TemporaryContents.create();
    contents = temporary.store.contents();
  });
  after(async () => {
    await contents[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('name it so where the calendar comes late in a large mail', async () => {
    const source = mailWith(event(short), 'base64').toString('latin1');
    const large = `${'Long words.\r\n'.repeat(60_000)}--b\r\nContent-Type: text/calendar`;
    const mail = Buffer.from(
      source.replace('--b\r\nContent-Type: text/calendar', () => large),
      'latin1',
    );
    const rewritten = await withOriginalUids(splitSource(mail), original, contents);
    expect(rewritten.body.length).to.be.above(600_000);
    expect(await calendarOf(rewritten)).to.include(`UID:${long}`);
  });

  for (const encoding of Object.keys(encoded))
    it(`name an event by the calendar's own UID (${encoding})`, async () => {
      const calendar = await calendarOf(
        await withOriginalUids(splitSource(mailWith(event(short), encoding)), original, contents),
      );
      expect(calendar).to.include(`UID:${long}`).and.include('SUMMARY:Grüße');
    });

  it('stay byte for byte when they name it so already, or are no mails about meetings', async () => {
    for (const source of [
      mailWith(event('1@example.org'), 'base64'),
      mailWith(event(deviceUid(`${long}2`)), '8bit'),
      Buffer.from(`Subject: x\r\n\r\nUID:${short}\r\n`),
    ]) {
      const { headers, body } = await withOriginalUids(splitSource(source), original, contents);
      expect(Buffer.concat([headers.build(), body.read()]).toString('latin1')).to.equal(source.toString('latin1'));
    }
  });

  it('stay as they are when they are signed', async () => {
    const signed = Buffer.from(
      mailWith(event(short), '8bit').toString('latin1').replace('multipart/alternative', 'multipart/signed'),
      'latin1',
    );
    expect(await calendarOf(await withOriginalUids(splitSource(signed), original, contents))).to.include(
      `UID:${short}`,
    );
  });
});
