import * as fc from 'fast-check';
import type { Action, Fault, Scenario } from './scenario';

const collection = fc.nat(2);
const item = fc.nat(5);
const field = fc.nat(2);
const moment = fc.constantFrom('before', 'after');
const methods = ['list', 'changes', 'read', 'create', 'findCreated', 'patch', 'delete', 'login'];

/** @param methods - of the groupware, that may fail */
export function arbitraryFault(methods: readonly string[]): fc.Arbitrary<Fault> {
  return fc.oneof(
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
}

const fault = arbitraryFault(methods);

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

/** @param options - `kinds`: how many the groupware has; `most`: actions */
export function arbitraryScenario({ kinds, most }: { kinds: number; most: number }): fc.Arbitrary<Scenario> {
  return fc.record({
    policy: fc.constantFrom('server-wins', 'client-wins', 'keep-both'),
    snapshots: fc.boolean(),
    recordsIn: fc.constantFrom('nothing', 'deltas', 'listings'),
    style: fc.constantFrom('patch', 'whole', 'whole with fingerprint'),
    days: fc.constantFrom(undefined, 2),
    kinds: fc.uniqueArray(fc.nat(kinds - 1), { minLength: 1, maxLength: 2 }),
    actions: fc.array(action, { maxLength: most, size: 'max' }),
  });
}
