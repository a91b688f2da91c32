import { Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { environmentVariable } from './environment';

/** How the host is started. */
export interface HostOptions {
  /** Absolute path: store, configuration, socket, data of the bundles. */
  readonly data: string;
  /** Folders that are bundles, or hold bundles. */
  readonly bundles: readonly string[];
  /** Configuration values for this run, by key. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Start level 1 alone (rule P11). */
  readonly safeMode: boolean;
}

interface Parsed {
  data: string;
  port?: number;
  address?: string;
  bundles: string[];
  set: [string, string][];
  safeMode: boolean;
}

/** The command `oxtender run`, whose `--data` is that of the program; `start` gets what was asked for. */
export function runCommand(start: (options: HostOptions) => Promise<void>): Command {
  return new Command('run')
    .description('run the host in the foreground until SIGTERM or Ctrl-C')
    .option('--data <dir>', 'folder of the configuration, the store and the data', dataFolder())
    .option('--port <n>', 'port to listen on; 0: any free one', portNumber)
    .option('--address <address>', 'address to listen on')
    .option('--bundles <dir...>', 'folders of bundles', [])
    .addOption(
      new Option('--set <key=value...>', 'a configuration value for this run').argParser(collectSettings).default([]),
    )
    .option('--safe-mode', 'start bundles of level 1 only', false)
    .action((_parsed: Parsed, command: Command) => start(optionsOf(command.optsWithGlobals<Parsed>())));
}

/** Unless `--data` says otherwise. Packages set the variable. */
export function dataFolder(): string {
  return environmentVariable('OXTENDER_DATA') ?? './data';
}

function optionsOf({ data, port, address, bundles, set, safeMode }: Parsed): HostOptions {
  const overrides = new Map(set);
  if (port !== undefined) overrides.set('host.http.port', String(port));
  if (address !== undefined) overrides.set('host.http.address', address);
  return { data: resolve(data), bundles: bundles.map((folder) => resolve(folder)), overrides, safeMode };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('Not a port.');
  return port;
}

function collectSettings(text: string, previous: [string, string][]): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return [...previous, [text.slice(0, at), text.slice(at + 1)]];
}
