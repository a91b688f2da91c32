import { Command, Option } from 'commander';
import { Device } from './device';
import { type ProfileName, profiles } from './profile';

/** What every command is told. */
interface AccountOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly profile: ProfileName;
  readonly deviceId: string;
  readonly protocol?: string;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command('eas-device')
  .description('A scripted Exchange ActiveSync device: tries any EAS server')
  .requiredOption('--url <url>', 'server, for example https://mail.example.com')
  .requiredOption('--user <name>', 'login name')
  .requiredOption('--password <password>', 'password')
  .addOption(new Option('--profile <name>', 'kind of device').choices(Object.keys(profiles)).default('ios'))
  .option('--device-id <id>', 'device id', 'SCRIPTEDDEVICE01')
  .option('--protocol <version>', 'highest protocol version to use, for example 14.1');

/** Runs `work` with a device that is provisioned and knows its folders. */
async function withDevice(work: (device: Device) => Promise<void>): Promise<void> {
  const options = program.opts<AccountOptions>();
  const known = profiles[options.profile];
  const profile = options.protocol === undefined ? known : { ...known, version: options.protocol };
  await using device = new Device(options, profile, options.deviceId);
  const answer = await device.options();
  if (answer.status !== 200) throw new Error(`OPTIONS: HTTP ${answer.status}`);
  print(`protocol ${device.connection.version} of ${String(answer.headers['ms-asprotocolversions'])}`);
  await device.provision();
  const folders = await device.folderSync();
  if (folders.status !== 200) throw new Error(`FolderSync: HTTP ${folders.status}`);
  await work(device);
}

program
  .command('folders')
  .description('lists the folders')
  .action(() =>
    withDevice((device) => {
      for (const folder of device.folders.values()) print(`${folder.serverId}\t${folder.type}\t${folder.displayName}`);
      return Promise.resolve();
    }),
  );

program
  .command('sync')
  .description('synchronises all folders, or those named, from the beginning')
  .argument('[folder...]', 'display names')
  .action((names: string[]) =>
    withDevice(async (device) => {
      for (const folder of device.folders.values()) {
        if (names.length > 0 && !names.includes(folder.displayName)) continue;
        const began = performance.now();
        const rounds = await device.syncAll(folder);
        const took = Math.round(performance.now() - began);
        const status = rounds.at(-1)?.status ?? 0;
        const items = device.collection(folder).items.size;
        print(`${folder.displayName}: ${items} items, ${rounds.length} requests, ${took} ms, status ${status}`);
      }
    }),
  );

program
  .command('ping')
  .description('waits for a change in all folders')
  .option('--heartbeat <seconds>', 'how long', '60')
  .action((options: { heartbeat: string }) =>
    withDevice(async (device) => {
      for (const folder of device.folders.values()) await device.syncAll(folder);
      const result = await device.ping([...device.folders.values()], Number(options.heartbeat));
      const changed = result.changed.map((id) => device.folders.get(id)?.displayName ?? id);
      print(`status ${result.status}${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`);
    }),
  );

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
