import * as fc from 'fast-check';
import { usmSchema } from '../../src';
import { testDatabases } from '../support/databases';
import { never } from '../support/world';
import { type Action, type Fault, type Scenario, Simulation } from './scenario';

const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000_000);
const runs = Number(process.env['CONVERGENCE_RUNS'] ?? 3000);
/** Seconds after which no further scenario begins: a slow machine tries fewer. */
const seconds = Number(process.env['CONVERGENCE_SECONDS'] ?? 60);

const collection = fc.nat(2);
const item = fc.nat(5);
const field = fc.nat(2);
const moment = fc.constantFrom('before', 'after');
const methods = ['list', 'changes', 'read', 'create', 'findCreated', 'patch', 'delete', 'login'];

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'none' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'request lost' }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'answer lost' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('killed'),
      kill: fc.record({ step: fc.integer({ min: 1, max: 14 }), moment }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('groupware down'), method: fc.constantFrom(...methods), moment }),
  },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('device adds'), collection }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('device edits'), collection, item, field }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('device deletes'), collection, item }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('server adds'), collection }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('server edits'), collection, item, field }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('server deletes'), collection, item }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('sync'),
      collection,
      windowSize: fc.integer({ min: 1, max: 6 }),
      getChanges: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      repetition: fc.constantFrom('same', 'anew'),
      fault,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move'), collection, item, fault }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'day passes' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late repeat'), request: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tokens expire'), collection }) },
);

const scenario: fc.Arbitrary<Scenario> = fc.record({
  policy: fc.constantFrom('server-wins', 'client-wins', 'keep-both'),
  snapshots: fc.boolean(),
  recordsIn: fc.constantFrom('nothing', 'deltas', 'listings'),
  style: fc.constantFrom('patch', 'whole', 'whole with fingerprint'),
  days: fc.constantFrom(undefined, 2),
  kinds: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 2 }),
  actions: fc.array(action, { maxLength: 30, size: 'max' }),
});

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
        await new Simulation(connection, one).run();
      };
      await fc.assert(fc.asyncProperty(scenario, converges), {
        seed,
        numRuns: numRuns[name as keyof typeof numRuns],
        examples: regressions.map((one) => [one]),
      });
      this.runnable().title += `, ${tried} runs`;
    });
  }
});
