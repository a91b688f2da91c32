import { Command, Option } from 'commander';
import { Device } from '../device';
import { ExitCode, Failure, checkHttp } from './failure';
import { type ProfileName, profiles } from '../profile';
import { Report } from './report';

/** What every command is told. */
interface AccountOptions {
  readonly url: string;
  readonly user: string;
  readonly password?: string;
  readonly profile: ProfileName;
  readonly deviceId: string;
  readonly version?: string;
  readonly json?: true;
}

const versions = ['2.5', '12.0', '12.1', '14.0', '14.1', '16.0', '16.1'];

/** The program without its commands. */
export const program = new Command('eas-device')
  .description('A scripted Exchange ActiveSync device: tries any EAS server.')
  .requiredOption('--url <url>', 'server, for example https://mail.example.com')
  .requiredOption('--user <name>', 'login name')
  .addOption(new Option('--password <password>', 'password').env('EAS_PASSWORD'))
  .addOption(new Option('--profile <name>', 'kind of device').choices(Object.keys(profiles)).default('ios'))
  .addOption(new Option('--version <version>', 'protocol version; else the highest of both').choices(versions))
  .option('--device-id <id>', 'device id', 'SCRIPTEDDEVICE01')
  .option('--json', 'one JSON document in place of lines')
  .addHelpText(
    'after',
    `
Exit status: 0 done, 1 no server or a broken one, 2 wrong options, 3 user or password refused,
4 the server refuses the device, or answers a folder with a status other than 1.

Examples:
  eas-device --url https://mail.example.com --user anna --password secret options
  eas-device --url https://mail.example.com --user anna --password secret --profile ios --version 16.1 sync
  eas-device --url https://mail.example.com --user anna --password secret sync Inbox --items`,
  )
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .exitOverride();

/** What a command does with the device. */
export type Work = (device: Device, report: Report) => Promise<void>;

/** Runs `work` with a device that has asked the server what it offers. */
export async function withDevice(work: Work): Promise<void> {
  const options = program.opts<AccountOptions>();
  const { password } = options;
  if (password === undefined) throw new Failure('--password or EAS_PASSWORD is needed', ExitCode.Usage);
  const { version } = options;
  const known = profiles[options.profile];
  const profile = version === undefined ? known : { ...known, version };
  const report = new Report(options.json === true, (text) => process.stdout.write(text));
  await using device = new Device({ ...options, password }, profile, options.deviceId);
  const answer = await device.options();
  checkHttp('OPTIONS', answer.status);
  const offered = String(answer.headers['ms-asprotocolversions'] ?? '');
  if (offered === '') throw new Failure('OPTIONS: no MS-ASProtocolVersions: not an EAS server', ExitCode.Failed);
  if (version !== undefined && device.connection.version !== version) {
    throw new Failure(`the server does not offer ${version}, but ${offered}`, ExitCode.Refused);
  }
  report.say(`protocol ${device.connection.version} of ${offered}`, 'protocol', {
    version: device.connection.version,
    offered: offered.split(','),
    commands: String(answer.headers['ms-asprotocolcommands'] ?? '').split(','),
    server: answer.headers['ms-server-activesync'],
  });
  try {
    await work(device, report);
  } finally {
    report.end();
  }
}

/** Runs `work` with a device that is provisioned, too, and knows its folders. */
export function withFolders(work: Work): Promise<void> {
  return withDevice(async (device, report) => {
    checkHttp('Provision', (await device.provision()).status);
    const answer = await device.folderSync();
    checkHttp('FolderSync', answer.status);
    const status = answer.element?.children.find(({ tag }) => tag.name === 'Status')?.text;
    if (status !== '1') throw new Failure(`FolderSync: status ${status ?? 'missing'}`, ExitCode.Refused);
    await work(device, report);
  });
}
