import { Fleet, type FleetSize, type Verdict } from './fleet';
import { Installation } from './installation';
import type { FleetRecord } from './phone';

/** Something that goes wrong while phones synchronise, and is mended. */
export interface Fault {
  readonly name: string;
  /** Undefined where what it needs is not there. */
  install(): Promise<Installation | undefined>;
  /** False when it cannot be had on this machine. */
  isPossible?(installation: Installation): boolean;
  strike(installation: Installation): Promise<void> | void;
  /** Resolves when it has done its harm. */
  harm(record: FleetRecord): Promise<void>;
  mend(installation: Installation): Promise<void> | void;
}

/** Waits for so many more requests that are refused. */
const refusals = (many: number) => (record: FleetRecord) => {
  const { refused } = record;
  return record.until(() => record.refused >= refused + many);
};

const killHost = {
  strike: async ({ hosts }: Installation): Promise<void> => {
    await hosts[0]!.stop('SIGKILL');
  },
  harm: refusals(3),
  mend: (installation: Installation) => installation.startAgain(0),
};

export const faults: readonly Fault[] = [
  { name: 'kill -9 the only host', install: () => Installation.onSqlite(), ...killHost },
  {
    name: 'the disk of SQLite is full',
    install: () => Installation.onSqlite(),
    isPossible: ({ disk }) => disk !== undefined,
    strike: ({ disk }) => disk?.fill(),
    harm: refusals(5),
    mend: ({ disk }) => disk?.empty(),
  },
  { name: 'kill -9 one of two hosts', install: () => Installation.onMariaDb(), ...killHost },
  {
    name: 'kill -9 mariadbd',
    install: () => Installation.onMariaDb(),
    strike: ({ mariaDb }) => mariaDb?.kill(),
    harm: refusals(5),
    mend: ({ mariaDb }) => mariaDb?.startAgain(),
  },
  {
    name: 'stop Redis',
    install: () => Installation.onMariaDb(),
    strike: ({ redis }) => redis?.stop(),
    // Hosts go on alone: phones are served without it.
    harm: (record) => {
      const { answered } = record;
      return record.until(() => record.answered >= answered + 20);
    },
    mend: ({ redis }) => redis?.startAgain(),
  },
];

/** What became of it. */
export interface Outcome extends Verdict {
  readonly phones: number;
  readonly answered: number;
  readonly refused: number;
  readonly refusals: ReadonlyMap<string, number>;
  /** Contacts in the end that somebody made. */
  readonly made: number;
  /** Milliseconds from the end of the fault to the next answer, the longest of all. */
  readonly recovery: number;
}

export interface RideOptions {
  readonly times: number;
  readonly random: () => number;
  /** Hears what happens. */
  readonly tell?: (what: string) => void;
}

/**
 * Phones synchronise, and the fault strikes `times` times in the midst of it.
 *
 * @returns undefined where the fault cannot be had
 */
export async function ride(
  fault: Fault,
  size: FleetSize,
  { times, random, tell = () => undefined }: RideOptions,
): Promise<Outcome | undefined> {
  await using installation = await fault.install();
  if (!installation || fault.isPossible?.(installation) === false) return undefined;
  await using fleet = await Fleet.setUp(installation, size, random);
  const { record } = fleet;
  tell(`${fleet.size} phones are set up`);
  const recoveries: number[] = [];
  const part = (fleet.size * size.turns) / (times + 1);
  const disturb = async (): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const next = (time + random()) * part + part / 4;
      await record.until(() => record.answered >= next);
      tell(`strikes, after ${record.answered} answers`);
      await fault.strike(installation);
      await fault.harm(record);
      await fault.mend(installation);
      tell('is mended');
      const { answered } = record;
      const begin = Date.now();
      await record.until(() => record.answered > answered);
      recoveries.push(Date.now() - begin);
    }
  };
  await fleet.work(disturb());
  tell(`is over: ${record.answered} answers; now all catch up`);
  const verdict = await fleet.judge();
  const { answered, refused, refusals: seen, made } = record;
  return {
    ...verdict,
    ...{ phones: fleet.size, answered, refused, refusals: seen, made: made.size },
    recovery: Math.max(...recoveries),
  };
}
