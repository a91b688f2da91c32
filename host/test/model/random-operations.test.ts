import { expect } from 'chai';
import fc from 'fast-check';
import { type Behaviour, FrameworkModel, type ModelBundle } from './framework-model';
import { RealFramework } from './real-framework';

/** One random step: what it does to the model, what it does to the framework. */
interface Step {
  readonly kind:
    | 'install'
    | 'start'
    | 'startTransiently'
    | 'stop'
    | 'stopTransiently'
    | 'stopAndStart'
    | 'update'
    | 'uninstall'
    | 'enable'
    | 'disable'
    | 'bundleLevel'
    | 'level'
    | 'restart'
    | 'register'
    | 'unregister'
    | 'use'
    | 'release';
  readonly slot: number;
  readonly level: number;
  readonly behaviour: Behaviour;
}

interface Run {
  readonly model: FrameworkModel;
  readonly real: RealFramework;
  version: number;
}

type Action = (run: Run, step: Step, bundle: ModelBundle) => Promise<void>;

const slots = 4;

/** Each slot but the first two needs the one two before it. */
const needsOf = (slot: number): number | undefined => (slot < 2 ? undefined : slot - 2);

const actions: Readonly<Record<Exclude<Step['kind'], 'install'>, Action>> = {
  start: same(
    (model, bundle) => model.start(bundle, false),
    (real, bundle) => real.bundle(bundle).start(),
  ),
  startTransiently: same(
    (model, bundle) => model.start(bundle, true),
    (real, bundle) => real.bundle(bundle).start({ transient: true }),
  ),
  stop: same(
    (model, bundle) => model.stop(bundle, false),
    (real, bundle) => real.bundle(bundle).stop(),
  ),
  stopTransiently: same(
    (model, bundle) => model.stop(bundle, true),
    (real, bundle) => real.bundle(bundle).stop({ transient: true }),
  ),
  /** Two calls at once: the second waits for the first, unless that hangs beyond the lock time-out. */
  stopAndStart: async ({ model, real }, _step, bundle) => {
    if (bundle.behaviour.stop === 'hang' || bundle.behaviour.start === 'hang') return;
    const expected = [model.stop(bundle, true), model.start(bundle, true)];
    const target = real.bundle(bundle);
    const both = [target.stop({ transient: true }), target.start({ transient: true })];
    expect(await Promise.all(both.map((each) => real.outcome(each)))).to.deep.equal(expected);
  },
  update: async (run, { behaviour }, bundle) => {
    const version = ++run.version;
    const updating = run.real.bundle(bundle).update(run.real.contentOf(bundle, behaviour, version));
    const outcome = await run.real.outcome(updating);
    expect(outcome).to.equal(run.model.update(bundle, behaviour, version));
  },
  uninstall: same(
    (model, bundle) => model.uninstall(bundle),
    (real, bundle) => real.bundle(bundle).uninstall(),
  ),
  enable: same(
    (model, bundle) => model.setEnabled(bundle, true),
    (real, bundle) => real.host.system.operator.setEnabled(real.bundle(bundle), true),
  ),
  disable: same(
    (model, bundle) => model.setEnabled(bundle, false),
    (real, bundle) => real.host.system.operator.setEnabled(real.bundle(bundle), false),
  ),
  bundleLevel: async ({ model, real }, { level }, bundle) => {
    const setting = real.host.system.startLevel.setBundleLevel(real.bundle(bundle), level);
    expect(await real.outcome(setting)).to.be.undefined;
    model.setBundleLevel(bundle, level);
  },
  level: async ({ model, real }, { level }) => {
    real.host.system.startLevel.setLevel(level);
    await real.outcome(real.host.startLevels.idle());
    model.setLevel(level);
  },
  restart: async ({ model, real }) => {
    expect(await real.outcome(real.host.system.update())).to.be.undefined;
    model.setLevel(0);
    model.setLevel(100);
  },
  register: whileActive(({ model, real }, _step, bundle) => {
    model.register(bundle);
    real.register(bundle);
  }),
  unregister: whileActive(({ model, real }, { level }, bundle) => {
    const own = [...model.services].filter(({ owner }) => owner === bundle);
    if (own.length === 0) return;
    const index = level % own.length;
    model.unregister(own[index]!);
    real.unregister(bundle, index);
  }),
  use: whileActive(({ model, real }, _step, bundle) => {
    model.useBest(bundle);
    real.useBest(bundle);
  }),
  release: whileActive(({ model, real }, _step, bundle) => {
    model.release(bundle);
    real.release(bundle);
  }),
};

describe('Random operations against a model', function () {
  this.timeout(60_000);

  it('states, services, use counts and timers agree after every step', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 40 }), async (script) => {
        const run: Run = { model: new FrameworkModel(), real: new RealFramework(), version: 1 };
        await run.real.host.system.start();
        for (const [index, step] of script.entries()) {
          await perform(run, step);
          try {
            run.real.expectToBe(run.model);
          } catch (error) {
            throw new Error(`after step ${index}, ${JSON.stringify(step)}`, { cause: error });
          }
          count++;
        }
        await run.real.outcome(run.real.host.system.stop());
        expect(run.real.clock.pending, 'timers at the end').to.equal(0);
      }),
      { numRuns: 250 },
    );
    expect(count, 'steps').to.be.greaterThan(2500);
  });
});

async function perform(run: Run, step: Step): Promise<void> {
  const bundle = run.model.bundles.get(step.slot);
  if (!bundle) await install(run, step);
  else if (step.kind !== 'install') await actions[step.kind](run, step, bundle);
}

async function install({ model, real, version }: Run, { slot, level, behaviour }: Step): Promise<void> {
  const bundle: ModelBundle = {
    slot,
    needs: needsOf(slot),
    state: 'INSTALLED',
    version,
    generation: 1,
    behaviour,
    autostart: false,
    level,
    enabled: true,
    tainted: false,
    resume: false,
    startOrder: 0,
  };
  model.bundles.set(slot, bundle);
  await real.install(bundle);
}

/** The framework's operation ends as the model says. */
function same(
  expected: (model: FrameworkModel, bundle: ModelBundle) => string | undefined,
  operate: (real: RealFramework, bundle: ModelBundle) => Promise<void>,
): Action {
  return async ({ model, real }, _step, bundle) => {
    const outcome = await real.outcome(operate(real, bundle));
    expect(outcome).to.equal(expected(model, bundle));
  };
}

function whileActive(act: (run: Run, step: Step, bundle: ModelBundle) => void): Action {
  return (run, step, bundle) => {
    if (bundle.state === 'ACTIVE') act(run, step, bundle);
    return Promise.resolve();
  };
}

const endings = fc.oneof(
  { weight: 5, arbitrary: fc.constant('ok' as const) },
  { weight: 2, arbitrary: fc.constantFrom('throw' as const, 'reject' as const, 'hang' as const) },
);

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind'][]>(
    'install',
    'install',
    'start',
    'start',
    'start',
    ...(Object.keys(actions) as (keyof typeof actions)[]),
  ),
  slot: fc.nat(slots - 1),
  level: fc.integer({ min: 1, max: 4 }),
  behaviour: fc.record({ start: endings, stop: endings, loads: fc.nat(9).map((n) => n > 0) }),
});
