import type { ConsoleCommand, DiagnosticRequest } from '@oxtender/bundle-api';
import { type DoctorRow, worstOf } from '../../doctor/doctor';
import type { OperatedHost } from '../operated-host';

/** `doctor`. */
export const doctorCommands = ({ doctor }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'doctor',
    description:
      'check everything that can be wrong with an installation, and say what to do; status 1 when something fails',
    args: [{ name: 'check', description: 'only these checks', many: true }],
    options: [
      { name: 'user', description: 'login name of a test account' },
      { name: 'password', description: 'password of the test account', secretOf: 'user' },
      { name: 'url', description: 'address by which phones reach this host: https://mail.example.com' },
      { name: 'domain', description: 'domain of the mail addresses; default: that of the test account' },
      { name: 'resolver', description: 'ask this name server, for example one outside: 9.9.9.9' },
      {
        name: 'hold',
        description: 'hold a request through the proxy for so many seconds, or as long as a phone: heartbeat',
      },
    ],
    run: ({ args, options, signal, progress }) =>
      doctor.examine({ ...requestOf(options), only: args, signal, progress }),
    failed: (rows) => worstOf(rows as DoctorRow[]) === 'fail',
    text: (rows) => [...(rows as DoctorRow[]).map(lineOf), summary(rows as DoctorRow[])].join('\n'),
  },
];

/** @throws Error for a value that means nothing */
function requestOf(options: Readonly<Record<string, unknown>>): Omit<DiagnosticRequest, 'signal'> {
  const { user, password, url, domain, resolver, hold } = options as Readonly<Record<string, string | undefined>>;
  const own = domain ?? user?.split('@')[1];
  return {
    ...(user !== undefined && password !== undefined && { credentials: { login: user, password } }),
    ...(url !== undefined && { publicUrl: originOf(url) }),
    ...(own !== undefined && own !== '' && { domain: own.toLowerCase() }),
    ...(resolver !== undefined && { resolver }),
    ...(hold !== undefined && { hold: holdOf(hold) }),
  };
}

function originOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`--url ${url} is no http address`);
  return new URL(url).origin;
}

function holdOf(text: string): number | 'heartbeat' {
  if (text === 'heartbeat') return text;
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3600)) throw new Error(`--hold is 1 to 3600 seconds, or heartbeat, not ${text}`);
  return seconds * 1000;
}

function lineOf({ verdict, check, message, remedy }: DoctorRow): string {
  const line = `${verdict.padEnd(8)}${check.padEnd(16)}${message}`;
  return remedy === undefined || verdict === 'ok' ? line : `${line}\n${' '.repeat(24)}-> ${remedy}`;
}

function summary(rows: readonly DoctorRow[]): string {
  const count = (wanted: DoctorRow['verdict']): number => rows.filter(({ verdict }) => verdict === wanted).length;
  return `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures, ${count('skipped')} not checked`;
}
