import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Importer } from '../../src';
import type { ImportReport } from '../../src/import/report';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const card = (name: string, end = 'END:VCARD\r\n'): string =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${name}\r\nN:${name};;;;\r\n${end}`;
const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => [
  'BEGIN:VEVENT',
  `UID:${randomUUID()}`,
  'SUMMARY:Odd',
  ...lines,
  'END:VEVENT',
];
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 73 + index * index * 7) % 256));
const postmark = 'From a@example.com Mon Jan  5 10:00:00 2026';
const inner = `Text\n\n${postmark}\nof a mail that is quoted\n`;

/** File name, content, what is taken, what is reported as lost: field or `item`. */
const cases: readonly (readonly [string, string | Buffer, Partial<ImportReport>, readonly string[]])[] = [
  ['empty.vcf', '', {}, ['item']],
  ['empty.ics', '', {}, ['item']],
  ['empty.eml', '', {}, ['item']],
  ['empty.mbox', '', {}, ['item']],
  ['garbage.vcf', garbage, {}, ['item']],
  ['garbage.ics', garbage, {}, ['item']],
  ['garbage.eml', garbage, {}, ['item']],
  ['garbage.mbox', garbage, {}, ['item']],
  ['garbage.jpg', garbage, {}, ['item']],
  ['missing', Buffer.alloc(0), {}, ['item']],
  ['old-mac.vcf', card('Mac').replaceAll('\r\n', '\r'), { contacts: 1 }, []],
  ['latin1.vcf', Buffer.from(card('Jürgen'), 'latin1'), { contacts: 1 }, ['charset']],
  ['utf16.vcf', utf16(card('Jürgen')), { contacts: 1 }, []],
  ['bom.vcf', `\uFEFF${card('Jürgen')}`, { contacts: 1 }, []],
  ['cut-off.vcf', card('One') + card('Two', ''), { contacts: 1 }, ['item']],
  ['cut-off-first.vcf', card('One', '') + card('Two'), { contacts: 1 }, ['item']],
  ['one-bad.vcf', `${card('One')}BEGIN:VCARD\r\nno line\r\nEND:VCARD\r\n${card('Three')}`, { contacts: 2 }, ['item']],
  ['cut-off.ics', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMM', {}, ['item']],
  ['no-start.ics', calendar(...event()), {}, ['item']],
  ['bad-date.ics', calendar(...event('DTSTART:2026-13-45')), {}, ['item']],
  [
    'backwards.ics',
    calendar(...event('DTSTART:20260105T100000Z', 'DTEND:20260105T090000Z')),
    { appointments: 1 },
    ['DTEND'],
  ],
  ['no-zone.ics', calendar(...event('DTSTART;TZID=Mars:20260701T100000')), { appointments: 1 }, ['TZID']],
  ['journal.ics', calendar('BEGIN:VJOURNAL', 'UID:j', 'END:VJOURNAL'), {}, ['item']],
  ['prose.mbox', `${postmark}\nSubject: a\n\nDear\n\nFrom now on\n\n${postmark}\nSubject: b\n\nx\n`, { mails: 2 }, []],
  [
    'with-length.mbox',
    `${postmark}\nSubject: a\nContent-Length: ${inner.length}\n\n${inner}\n${postmark}\nSubject: b\n\nx\n`,
    { mails: 2 },
    [],
  ],
  ['dos.mbox', `${postmark}\r\nSubject: a\r\n\r\nx\r\n\r\n${postmark}\r\nSubject: b\r\n\r\nx\r\n`, { mails: 2 }, []],
  ['header-only.eml', 'Subject: x', { mails: 1 }, []],
  ['no-header.eml', '\r\njust text', {}, ['item']],
  ['no-extension', 'From: a@example.com\r\nSubject: x\r\n\r\ny', { mails: 1 }, []],
];

describe('import of odd files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ox-sandbox-odd-'));
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start();
    client = await OxClient.login(server.url);
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const bring = async (name: string, content: string | Buffer): Promise<ImportReport> => {
    const path = join(folder, name);
    if (name !== 'missing') writeFileSync(path, content);
    const importer = new Importer(server.sandbox, server.sandbox.contexts.byLogin('alice@example.com')!);
    await importer.file(path);
    return importer.report;
  };

  for (const [name, content, taken, lost] of cases)
    it(`${name}: what is not taken is told, by file`, async () => {
      const { losses, ...counts } = await bring(name, content);
      expect(counts).to.deep.equal({ contacts: 0, appointments: 0, tasks: 0, mails: 0, ...taken });
      expect(losses.map(({ field }) => field)).to.have.members(lost);
      for (const { file, reason } of losses) expect([file, reason.length > 0]).to.deep.equal([name, true]);
    });

  it('reads letters right, whatever they were written in', async () => {
    for (const [name, content] of [
      ['a.vcf', Buffer.from(card('Äöüß'), 'latin1')],
      ['b.vcf', utf16(card('Äöüß'))],
      ['c.vcf', Buffer.from(card('Äöüß'), 'utf8')],
    ] as const)
      await bring(name, content);
    const { data } = await client.get<string[][]>('contacts', 'all', { folder: 22, columns: '502' });
    expect(data.flat().filter((name) => name === 'Äöüß')).to.have.length(3);
  });

  for (const tzid of ['Europe/Berlin', 'W. Europe Standard Time'])
    it(`takes times in the zone ${tzid}, which the file does not describe`, async () => {
      const lines = event(`DTSTART;TZID=${tzid}:20260701T100000`, 'DURATION:PT45M');
      const { losses } = await bring('berlin.ics', calendar(lines[0]!, `UID:${tzid}`, ...lines.slice(2)));
      expect(losses).to.deep.equal([]);
      const { data } = await client.get<{ id: string }>('calendar', 'resolveuid', { uid: tzid });
      const { data: found } = await client.get<Record<string, unknown>>('calendar', 'get', { folder: 21, id: data.id });
      expect(found).to.include({ start_date: Date.UTC(2026, 6, 1, 8), end_date: Date.UTC(2026, 6, 1, 8, 45) });
      expect(found['timezone']).to.equal('Europe/Berlin');
    });

  it('keeps a character that is folded in its middle', async () => {
    const text = Buffer.from(calendar(...event('LOCATION:Früh', 'DTSTART:20260701T100000Z')));
    const at = text.indexOf(0xc3) + 1;
    const folded = Buffer.concat([text.subarray(0, at), Buffer.from('\r\n '), text.subarray(at)]);
    await bring('folded.ics', folded);
    const { data } = await client.get<unknown[][]>('calendar', 'all', {
      folder: 21,
      start: Date.UTC(2026, 6, 1),
      end: Date.UTC(2026, 6, 2),
      columns: '400',
    });
    expect(data.flat()).to.include('Früh');
  });
});
