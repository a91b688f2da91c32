import { ExitCode, Failure } from './failure';
import { program, withDevice, withFolders } from './program';
import { type SyncFacts, folderFacts, statusOf, syncFacts } from './report';

program
  .command('options')
  .description('asks what the server offers')
  .action(() => withDevice(() => Promise.resolve()));

program
  .command('folders')
  .description('lists the folders')
  .action(() =>
    withFolders((device, report) => {
      for (const folder of device.folders.values()) {
        const { serverId, type, displayName } = folder;
        report.add(
          `${serverId.padEnd(8)} type ${String(type).padEnd(3)} ${displayName}`,
          'folders',
          folderFacts(folder),
        );
      }
      return Promise.resolve();
    }),
  );

program
  .command('sync')
  .description('synchronises all folders, or those named, from the beginning')
  .argument('[folder...]', 'display names')
  .option('--items', 'show the items, as XML')
  .option('--filter <type>', 'FilterType of mail and calendar, for example 5: a month')
  .action((names: string[], { items = false, filter }: { items?: boolean; filter?: string }) =>
    withFolders(async (device, report) => {
      const failed: string[] = [];
      const unknown = names.filter((name) => ![...device.folders.values()].some((one) => one.displayName === name));
      if (unknown.length > 0) throw new Failure(`no folder ${unknown.join(', ')}`, ExitCode.Usage);
      for (const folder of device.folders.values()) {
        if (names.length > 0 && !names.includes(folder.displayName)) continue;
        const began = performance.now();
        const rounds = await device.syncAll(folder, filterOf(folder.type, filter));
        const milliseconds = Math.round(performance.now() - began);
        const facts = syncFacts(device, { folder, rounds, milliseconds }, items);
        const status = statusOf(rounds);
        if (status !== 1) failed.push(`${folder.displayName}: status ${status}`);
        report.add(lineOf(folder.displayName, facts), 'folders', facts);
      }
      if (failed.length > 0) throw new Failure(failed.join('; '), ExitCode.Refused);
    }),
  );

program
  .command('list')
  .description('shows the ServerId and the subject of each item in a folder')
  .argument('<folder>', 'display name')
  .action((name: string) =>
    withFolders(async (device, report) => {
      const folder = [...device.folders.values()].find(({ displayName }) => displayName === name);
      if (!folder) throw new Failure(`no folder '${name}'`, ExitCode.Usage);
      await device.syncAll(folder);
      for (const [serverId, item] of device.collection(folder).items) {
        const title = item.children.find(({ tag }) => ['Subject', 'FileAs'].includes(tag.name))?.text ?? '';
        report.add(`${serverId}\t${title}`, 'items', { serverId, title });
      }
    }),
  );

program
  .command('ping')
  .description('waits for a change in all folders')
  .option('--heartbeat <seconds>', 'how long', '60')
  .action(({ heartbeat }: { heartbeat: string }) =>
    withFolders(async (device, report) => {
      const folders = [...device.folders.values()];
      for (const folder of folders) await device.syncAll(folder);
      const { status, changed } = await device.ping(folders, Number(heartbeat));
      const names = changed.map((id) => device.folders.get(id)?.displayName ?? id);
      report.say(`status ${status}${names.length > 0 ? `: ${names.join(', ')}` : ''}`, 'ping', {
        status,
        changed: names,
      });
      if (status > 2) throw new Failure(`Ping: status ${status}`, ExitCode.Refused);
    }),
  );

/** Mail and calendars take a filter; contacts, tasks and notes have none of theirs. */
function filterOf(folderType: number, filter: string | undefined): { filterType?: number } {
  const unfiltered = [7, 9, 10, 14, 15, 17].includes(folderType);
  return filter === undefined || unfiltered ? {} : { filterType: Number(filter) };
}

function lineOf(name: string, { items, requests, milliseconds, status, contents = [] }: SyncFacts): string {
  const line = `${name}: ${items} items, ${requests} requests, ${milliseconds} ms, status ${status}`;
  return [line, ...contents.map(({ serverId, xml }) => `\n${serverId}\n${xml}`)].join('');
}
