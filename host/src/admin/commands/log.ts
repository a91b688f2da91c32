import type { ConsoleCommand, LogEntry, LogLevel } from '@oxtender/bundle-api';
import { isLogLevel, LogLevels, logLevels } from '../../log/log-levels';
import type { OperatedHost } from '../operated-host';
import { timeText } from './command';

const filters = [
  { name: 'name', description: 'prefix of the logger: oxtender.eas' },
  { name: 'level', description: `weakest level: ${logLevels.join(', ')}` },
];

/** `log get|tail|level` (rule B5). */
export const logCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'log get',
    description: 'the last lines of the log',
    options: [...filters, { name: 'lines', description: 'how many', type: 'number', default: 100 }],
    run: ({ options }) => {
      const matches = matcher(options);
      return Promise.resolve(
        host.logging
          .entries()
          .filter(matches)
          .slice(-(options.lines as number)),
      );
    },
    text: (entries) => (entries as LogEntry[]).map(lineOf).join('\n'),
  },
  {
    name: 'log tail',
    description: 'lines of the log as they come, until Ctrl-C',
    options: filters,
    async run({ options, signal, emit }) {
      const matches = matcher(options);
      const listening = host.logging.listen((entry) => {
        if (matches(entry)) emit({ ...entry, text: lineOf(entry) });
      });
      await aborted(signal);
      listening[Symbol.dispose]();
    },
  },
  {
    name: 'log level',
    description: 'show levels, or set one until the host restarts: log level oxtender.eas debug',
    args: [
      { name: 'prefix', description: 'prefix of the logger; "" is the default' },
      { name: 'level', description: `${logLevels.join(', ')}; default takes it away` },
    ],
    run: ({ args }) => {
      const change = levelChange(args);
      if (change) host.logging.setLevel(change.prefix, change.level);
      return Promise.resolve(levelRows(host.logging.levels()));
    },
    preview: ({ args }) => {
      const trial = new LogLevels();
      for (const [prefix, level] of Object.entries(host.logging.levels())) trial.set(prefix, level);
      const change = levelChange(args);
      if (change) trial.set(change.prefix, change.level);
      return Promise.resolve(levelRows(trial.toRecord()));
    },
  },
];

/** Undefined when levels are only asked for. @throws Error for an unknown level */
function levelChange([prefix, level]: readonly string[]): { prefix: string; level: LogLevel | undefined } | undefined {
  if (prefix === undefined) return undefined;
  if (level === 'default') return { prefix, level: undefined };
  if (level === undefined || !isLogLevel(level))
    throw new Error(`the level must be one of ${logLevels.join(', ')}, default`);
  return { prefix, level };
}

function levelRows(levels: Readonly<Record<string, LogLevel>>): object[] {
  return Object.entries(levels).map(([name, level]) => ({ name: name === '' ? '(default)' : name, level }));
}

/** Resolves when the operator interrupts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function matcher({ name = '', level = 'trace' }: Readonly<Record<string, unknown>>): (entry: LogEntry) => boolean {
  if (typeof level !== 'string' || !isLogLevel(level))
    throw new Error(`the level must be one of ${logLevels.join(', ')}`);
  const rank = logLevels.indexOf(level);
  return (entry) => entry.name.startsWith(name as string) && logLevels.indexOf(entry.level) >= rank;
}

/** What has line ends in it could pass for lines of the log. */
const isOneLine = (text: string): boolean => !/[\n\r\u2028\u2029]/.test(text);

function lineOf({ time, level, name, message, fields }: LogEntry): string {
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' && isOneLine(value) ? value : JSON.stringify(value)}`,
  );
  return [timeText(time), level.padEnd(5), name, message, ...rest].join(' ');
}
