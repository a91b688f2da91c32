import { type Element, printXml } from '@oxtender/eas';
import type { Answer } from '../connection';
import { type Lookup, type ResolveExtras, fetchItem, find, resolve, search, setOutOfOffice, settings } from '../lookup';
import { ExitCode, Failure, checkHttp } from './failure';
import { program, withFolders } from './program';
import type { Report } from './report';

interface LookupOptions {
  readonly gal?: boolean;
  readonly range?: string;
  readonly folder?: string;
  readonly pictures?: boolean;
}

for (const [name, command, what] of [
  ['search', search, 'mails, or people with --gal; words, from:, subject: and others'],
  ['find', find, 'the same by Find, 16.1'],
] as const)
  program
    .command(name)
    .description(`searches ${what}`)
    .argument('<words...>')
    .option('--gal', 'the address list in place of mails')
    .option('--range <m-n>', 'which results')
    .option('--folder <collectionId>', 'a folder and those below in place of all')
    .option('--pictures', 'with --gal: pictures as well')
    .action((words: string[], { gal, folder, ...options }: LookupOptions) =>
      withFolders(async (device, report) => {
        const store = gal === true ? 'GAL' : 'Mailbox';
        const lookup: Lookup = { ...options, store, text: words.join(' '), collectionId: folder };
        show(report, name, await command(device, lookup));
      }),
    );

program
  .command('resolve')
  .description('resolves names and addresses')
  .argument('<names...>')
  .option('--certificates', 'certificates as well')
  .option('--pictures', '14.1: pictures as well')
  .option('--start <time>', '14.0: when they are free, from this time')
  .option('--end <time>', 'and to this time')
  .action((names: string[], options: ResolveExtras) =>
    withFolders(async (device, report) => {
      show(report, 'resolve', await resolve(device, names, options));
    }),
  );

program
  .command('fetch')
  .description('fetches an item by its ServerId or LongId, or with --file an attachment by its FileReference')
  .argument('<id>')
  .option('--file', 'the id is a FileReference')
  .action((id: string, { file }: { file?: boolean }) =>
    withFolders(async (device, report) => {
      const isLong = !/^[^:]+:[^:]+$/.test(id);
      const what = file === true ? { fileReference: id } : isLong ? { longId: id } : { serverId: id };
      show(report, 'fetch', await fetchItem(device, what));
    }),
  );

program
  .command('settings')
  .description('shows the absence notice and the addresses of the user, or sets the notice')
  .option('--away <text>', 'the user is away')
  .option('--from <time>', 'with --away: from this time on')
  .option('--until <time>', 'with --from: until this time')
  .option('--back', 'the user is back')
  .action(({ away, from, until, back }: { away?: string; from?: string; until?: string; back?: boolean }) =>
    withFolders(async (device, report) => {
      if (away !== undefined || back === true)
        show(report, 'settings', await setOutOfOffice(device, { message: away, start: from, end: until }));
      show(report, 'settings', await settings(device));
    }),
  );

/** The answer as the device got it; fails when its Status is not 1, so that scripts can rely on it. */
function show(report: Report, command: string, { status, element }: Answer): void {
  checkHttp(command, status);
  const xml = element ? printXml(element).trimEnd() : '';
  report.say(xml, command, { http: status, xml });
  const bad = element && badStatus(element);
  if (bad !== undefined) throw new Failure(`${command}: status ${bad}`, ExitCode.Refused);
}

/** The first Status of the document, and of what it answers, that is not 1. */
function badStatus(element: Element, depth = 0): string | undefined {
  if (depth > 3) return undefined;
  if (element.tag.name === 'Status') return element.text === '1' ? undefined : element.text;
  return element.children.map((child) => badStatus(child, depth + 1)).find((status) => status !== undefined);
}
