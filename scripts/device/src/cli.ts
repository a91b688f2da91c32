import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { Device } from './device';
import { type Outcome, forwardMeeting, respond, sendMail, smartMail } from './mail';
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

const userResponses = { accept: 1, tentative: 2, decline: 3 } as const;

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
  .command('list')
  .description('shows the ServerId and the subject of each item in a folder')
  .argument('<folder>', 'display name')
  .action((name: string) =>
    withDevice(async (device) => {
      const folder = [...device.folders.values()].find(({ displayName }) => displayName === name);
      if (!folder) throw new Error(`no folder '${name}'`);
      await device.syncAll(folder);
      for (const [serverId, item] of device.collection(folder).items) {
        const title = item.children.find(({ tag }) => ['Subject', 'FileAs'].includes(tag.name))?.text ?? '';
        print(`${serverId}\t${title}`);
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

program
  .command('send')
  .description('sends a mail: a file with the whole message, or - for standard input')
  .argument('<file>')
  .option('--client-id <id>', 'ClientId, to repeat a mail on purpose')
  .option('--no-save', 'keep no copy in the sent folder')
  .action((file: string, options: { clientId?: string; save: boolean }) =>
    withDevice(async (device) => {
      const mail = { mime: readMessage(file), saveInSent: options.save };
      show(await sendMail(device, options.clientId === undefined ? mail : { ...mail, clientId: options.clientId }));
    }),
  );

for (const [name, command] of [
  ['reply', 'SmartReply'],
  ['forward', 'SmartForward'],
] as const)
  program
    .command(name)
    .description(`${name === 'reply' ? 'answers' : 'forwards'} the item with this ServerId, by a file with the message`)
    .argument('<serverId>')
    .argument('<file>')
    .option('--replace', 'the message is sent as it is, without the original')
    .action((itemId: string, file: string, options: { replace?: boolean }) =>
      withDevice(async (device) => {
        const source = { folderId: folderOf(itemId), itemId, replaceMime: options.replace === true };
        show(await smartMail(device, command, source, { mime: readMessage(file), saveInSent: true }));
      }),
    );

program
  .command('forward-meeting')
  .description('16.x: forwards an item of the calendar to others')
  .argument('<serverId>')
  .argument('<address...>')
  .option('--text <text>', 'a remark')
  .action((itemId: string, addresses: string[], options: { text?: string }) =>
    withDevice(async (device) => {
      const forwardees = addresses.map((email) => ({ email }));
      show(await forwardMeeting(device, { folderId: folderOf(itemId), itemId }, { forwardees, ...options }));
    }),
  );

program
  .command('respond')
  .description('answers the meeting request, or the meeting in the calendar, with this ServerId')
  .argument('<serverId>')
  .addArgument(new Argument('<answer>').choices(Object.keys(userResponses)))
  .option('--instance <start>', 'one occurrence of a series')
  .option('--send', '16.x: the server mails the organizer')
  .option('--text <text>', '16.x: a remark for the organizer')
  .option('--proposed-start <time>', '16.1: another time')
  .option('--proposed-end <time>', '16.1: another time')
  .action((requestId: string, answer: keyof typeof userResponses, options: RespondOptions) =>
    withDevice(async (device) => {
      const { instance, send, ...sendResponse } = options;
      const [outcome] = await respond(device, [
        {
          userResponse: userResponses[answer],
          collectionId: folderOf(requestId),
          requestId,
          ...(instance === undefined ? {} : { instanceId: instance }),
          ...(send === true || Object.keys(sendResponse).length > 0 ? { sendResponse } : {}),
        },
      ]);
      if (outcome) show(outcome);
    }),
  );

interface RespondOptions {
  readonly instance?: string;
  readonly send?: boolean;
  readonly text?: string;
  readonly proposedStart?: string;
  readonly proposedEnd?: string;
}

function readMessage(file: string): Uint8Array {
  return readFileSync(file === '-' ? 0 : file);
}

/** ServerIds of this server begin with the CollectionId. */
function folderOf(serverId: string): string {
  return serverId.split(':')[0] ?? '';
}

function show(outcome: Outcome & { calendarId?: string | undefined }): void {
  const { http, status, calendarId } = outcome;
  const words = [`HTTP ${http}`, status && `status ${status}`, calendarId && `calendar ${calendarId}`];
  print(words.filter(Boolean).join(', '));
  if (http !== 200 || (status !== undefined && status !== '1')) process.exitCode = 1;
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
