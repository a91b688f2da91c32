import type { Bundle, HttpRoutes as Routes } from '@oxtender/bundle-api';
import { Activate, Component, Config, HttpRoutes, Reference, serviceToken } from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import fc from 'fast-check';
import { closeFronts, get, type HttpHost, launchHttp } from '../support/http';
import { rejection, stopAll } from '../support/launch';

/** Each slot is a bundle with one component, which serves its configured value and needs the slot before it, or nothing. */
const slots = [0, 1, 2, 3] as const;
type Slot = (typeof slots)[number];
const needs: Readonly<Record<Slot, Slot | undefined>> = { 0: undefined, 1: 0, 2: 1, 3: undefined };
const tokens = slots.map((slot) => serviceToken<object>(`test.Slot${slot}`));

interface Settings {
  readonly value?: number;
  readonly how?: 'works' | 'throws';
}

interface SlotModel {
  isInstalled: boolean;
  isStarted: boolean;
  settings: Settings;
}

type Operation =
  | { readonly kind: 'start' | 'stop' | 'update' | 'uninstall' | 'unconfigure' | 'misconfigure'; readonly slot: Slot }
  | { readonly kind: 'configure'; readonly slot: Slot; readonly settings: Settings };

class Model {
  readonly slots = new Map<Slot, SlotModel>(
    slots.map((slot) => [slot, { isInstalled: false, isStarted: false, settings: {} }]),
  );

  of(slot: Slot): SlotModel {
    return this.slots.get(slot)!;
  }

  isActive(slot: Slot): boolean {
    const { isStarted, settings } = this.of(slot);
    const needed = needs[slot];
    return isStarted && settings.how !== 'throws' && (needed === undefined || this.isActive(needed));
  }

  apply(operation: Operation): void {
    const model = this.of(operation.slot);
    if (operation.kind === 'start') Object.assign(model, { isInstalled: true, isStarted: true });
    else if (operation.kind === 'stop') model.isStarted = false;
    else if (operation.kind === 'uninstall') Object.assign(model, { isInstalled: false, isStarted: false });
    else if (operation.kind === 'configure') model.settings = operation.settings;
    else if (operation.kind === 'unconfigure') model.settings = {};
  }
}

/** What the component of a slot has of its own: made anew for each installation, as a bundle's code is. */
function componentOf(slot: Slot): object {
  class Part implements Routes {
    #value: unknown;
    readonly routes: Routes['routes'] = (context) => void (context.body = String(this.#value));

    read(config: Readonly<Record<string, unknown>>): void {
      if (config.how === 'throws') throw new Error('as configured');
      this.#value = config.value;
    }
  }
  const options = {
    name: `slot${slot}`,
    provides: [tokens[slot]!, HttpRoutes],
    immediate: true,
    properties: { 'http.path': `/slot${slot}` },
  };
  const needed = needs[slot];
  if (needed === undefined) {
    @Component(options)
    class Alone extends Part {
      constructor(@Config() private readonly config: Readonly<Record<string, unknown>>) {
        super();
      }
      @Activate() activate(): void {
        this.read(this.config);
      }
    }
    return Alone;
  }
  const token = tokens[needed]!;
  @Component(options)
  class Dependent extends Part {
    constructor(
      @Reference(token) readonly other: object,
      @Config() private readonly config: Readonly<Record<string, unknown>>,
    ) {
      super();
    }
    @Activate() activate(): void {
      this.read(this.config);
    }
  }
  return Dependent;
}

const schema = { properties: { value: { type: 'integer', default: 0 }, how: { enum: ['works', 'throws'] } } };

/** The host under test, driven by the same operations as the model. */
class Real {
  readonly #bundles = new Map<Slot, Bundle>();

  constructor(private readonly host: HttpHost) {}

  async apply(operation: Operation, model: Model): Promise<void> {
    const { slot, kind } = operation;
    const pid = `slot${slot}`;
    const bundle = this.#bundles.get(slot);
    if (kind === 'configure') await this.host.configure(pid, { ...operation.settings });
    else if (kind === 'unconfigure') await this.#unconfigure(pid);
    else if (kind === 'misconfigure') {
      if (!model.of(slot).isStarted) return;
      const error = await rejection(this.host.admin.getConfiguration(pid).update({ value: 'many' }));
      expect((error as { code?: string }).code).to.equal('INVALID');
    } else if (kind === 'start') await this.#start(slot, pid);
    else if (bundle && kind === 'stop') await bundle.stop();
    else if (bundle && kind === 'update') await bundle.update();
    else if (bundle && kind === 'uninstall') {
      await bundle.uninstall();
      this.#bundles.delete(slot);
    }
    await this.host.configurations.delivered();
    await settle();
  }

  async expectToBe(model: Model): Promise<void> {
    const active = slots.filter((slot) => model.isActive(slot));
    const states = this.host.components.list().filter(({ state }) => state === 'active');
    expect(states.map(({ name }) => name)).to.have.members(active.map((slot) => `slot${slot}`));
    const started = slots.filter((slot) => model.of(slot).isStarted);
    expect(this.host.components.list().map(({ name }) => name)).to.have.members(started.map((slot) => `slot${slot}`));
    for (const slot of slots) {
      const references = this.host.context.getServiceReferences(tokens[slot]);
      expect(references).to.have.lengthOf(active.includes(slot) ? 1 : 0);
      const users = slots.filter((user) => needs[user] === slot && active.includes(user));
      const using = references.flatMap((reference) =>
        reference.getUsingBundles().map(({ symbolicName }) => symbolicName),
      );
      const whiteboard = active.includes(slot) ? ['oxtender.host'] : [];
      expect(using).to.have.members([...users.map((user) => `slot${user}`), ...whiteboard]);
      const [status, text] = await get(`${this.host.url}/slot${slot}`);
      if (active.includes(slot))
        expect([status, text]).to.deep.equal([200, String(model.of(slot).settings.value ?? 0)]);
      else expect(status).to.equal(404);
    }
  }

  async #start(slot: Slot, pid: string): Promise<void> {
    const known = this.#bundles.get(slot);
    if (known) return known.start();
    const manifest = { configuration: { [pid]: schema } };
    this.#bundles.set(slot, await this.host.run(pid, { Part: componentOf(slot) }, manifest));
  }

  async #unconfigure(pid: string): Promise<void> {
    const exists = this.host.admin.listConfigurations().some((one) => one.pid === pid);
    if (exists) await this.host.admin.getConfiguration(pid).delete();
  }
}

const slot = fc.constantFrom(...slots);
const settings = fc.record(
  {
    value: fc.integer({ min: 1, max: 9 }),
    how: fc.constantFrom('works' as const, 'works' as const, 'throws' as const),
  },
  { requiredKeys: [] },
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const), slot }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('configure' as const), slot, settings }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'stop' as const,
        'update' as const,
        'uninstall' as const,
        'unconfigure' as const,
        'misconfigure' as const,
      ),
      slot,
    }),
  },
);

describe('random operations on components, configurations and routes', function () {
  this.timeout(120_000);
  afterEach(async () => {
    await stopAll();
    await closeFronts();
  });

  it('leave states, services, uses and routes as a model says, and nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
        const host = await launchHttp();
        const timers = host.clock.pending;
        try {
          const [model, real] = [new Model(), new Real(host)];
          for (const each of operations) {
            await real.apply(each, model);
            model.apply(each);
            await real.expectToBe(model);
          }
          for (const each of slots) {
            const end = { kind: 'uninstall' as const, slot: each };
            await real.apply(end, model);
            model.apply(end);
          }
          await real.expectToBe(model);
          expect(host.clock.pending, 'timers').to.equal(timers);
        } finally {
          await stopAll();
          await closeFronts();
        }
      }),
      { numRuns: 60 },
    );
  });
});
