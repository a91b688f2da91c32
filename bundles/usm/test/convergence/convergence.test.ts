import * as fc from 'fast-check';
import { usmSchema } from '../../src';
import { testDatabases } from '../support/databases';
import { never } from '../support/world';
import { itemKinds } from './item-kinds';
import { arbitraryScenario } from './arbitrary-scenario';
import { type Scenario, Simulation } from './scenario';
import { TestedMemory } from './tested-groupware';

const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000_000);
const runs = Number(process.env['CONVERGENCE_RUNS'] ?? 3000);
/** Seconds after which no further scenario begins: a slow machine tries fewer. */
const seconds = Number(process.env['CONVERGENCE_SECONDS'] ?? 60);

const syncOnce = { kind: 'sync', collection: 0, windowSize: 1, getChanges: false, repetition: 'same' } as const;

/** Scenarios that once failed. */
const regressions: readonly Scenario[] = [
  // The groupware edited an item between the device's addition, whose answer was lost, and its repeat.
  {
    ...{ policy: 'server-wins', snapshots: false, recordsIn: 'nothing', style: 'patch', days: undefined, kinds: [0] },
    actions: [
      { ...syncOnce, fault: { kind: 'none' } },
      { kind: 'device adds', collection: 0 },
      { ...syncOnce, fault: { kind: 'killed', kill: { step: 6, moment: 'before' } } },
      { kind: 'server edits', collection: 0, item: 0, field: 1 },
      { kind: 'device edits', collection: 0, item: 0, field: 1 },
      { ...syncOnce, fault: { kind: 'none' } },
    ],
  },
];

function memoryFor({ kinds, snapshots, recordsIn }: Scenario): TestedMemory {
  const classes = kinds.map((kind) => itemKinds[kind]?.itemClass ?? 'Email');
  return new TestedMemory({ snapshots: snapshots ? classes : [], recordsIn });
}

describe('convergence', () => {
  const numRuns = { SQLite: runs, MariaDB: Math.ceil(runs / 10) };
  for (const [name, create] of Object.entries(testDatabases)) {
    it(`brings device and server to the same, whatever fails (${name}, seed ${seed})`, async function () {
      this.timeout(seconds * 1000 + 120_000);
      await using database = await create();
      if (!database) return this.skip();
      await using connection = await (await database.open()).connect(usmSchema, { signal: never });
      const end = Date.now() + seconds * 1000;
      let tried = 0;
      const converges = async (one: Scenario): Promise<void> => {
        if (Date.now() > end) return;
        tried++;
        await new Simulation(connection, one, memoryFor(one)).run();
      };
      await fc.assert(fc.asyncProperty(arbitraryScenario({ kinds: itemKinds.length, most: 30 }), converges), {
        seed,
        numRuns: numRuns[name as keyof typeof numRuns],
        examples: regressions.map((one) => [one]),
      });
      this.runnable().title += `, ${tried} runs`;
    });
  }
});
