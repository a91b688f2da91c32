import type { Bundle, BundleContext, InlineBundle } from '@oxtender/bundle-api';
import { serviceToken } from '@oxtender/bundle-api';
import { FakeClock, inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { HostFramework } from '../../src/framework/host-framework';
import type { Behaviour, FrameworkModel, ModelBundle } from './framework-model';

const Probe = serviceToken<object>('test.Probe');

/** The framework under test, driven by the same commands as the model. */
export class RealFramework {
  readonly clock = new FakeClock();
  readonly host = new HostFramework({ clock: this.clock, properties: { 'host.serviceDrain': '0' } });
  readonly #bundles = new Map<number, Bundle>();

  get context(): BundleContext {
    return this.host.context;
  }

  bundle({ slot }: ModelBundle): Bundle {
    return this.#bundles.get(slot)!;
  }

  async install(model: ModelBundle): Promise<void> {
    const bundle = await this.context.installBundle(
      `slot:${model.slot}`,
      contentOf(model, model.behaviour, model.version),
    );
    this.#bundles.set(model.slot, bundle);
    await this.host.startLevels.setBundleLevel(this.host.bundles.installation(bundle), model.level);
  }

  /** The code that an operation is rejected with; undefined when it is not. What hangs is helped over its time-outs. */
  async outcome(operation: Promise<unknown>): Promise<string | undefined> {
    const result = { settled: false, code: undefined as string | undefined };
    operation.then(
      () => (result.settled = true),
      (error: unknown) =>
        Object.assign(result, { settled: true, code: (error as { code?: string }).code ?? String(error) }),
    );
    for (let turn = 0; turn < 20 && !result.settled; turn++) await settle();
    while (!result.settled) await this.clock.tick(30_000);
    return result.code;
  }

  contentOf(model: ModelBundle, behaviour: Behaviour, version: number): InlineBundle {
    return contentOf(model, behaviour, version);
  }

  register(model: ModelBundle): void {
    this.bundle(model).context!.registerService(Probe, {});
  }

  unregister(model: ModelBundle, index: number): void {
    const records = [...this.host.bundles.installation(this.bundle(model)).ledger.registered];
    records[index]!.registration.unregister();
  }

  useBest(model: ModelBundle): void {
    useBest(this.bundle(model).context!);
  }

  release(model: ModelBundle): void {
    const context = this.bundle(model).context!;
    const [oldest] = context
      .getServiceReferences(Probe)
      .filter((reference) => reference.getUsingBundles().includes(context.bundle));
    if (oldest) context.ungetService(oldest);
  }

  /** Everything that can be seen agrees with the model. */
  expectToBe(model: FrameworkModel): void {
    const { system, bundles, startLevels } = this.host;
    const expected = [...model.bundles.values()];
    expect(bundles.facades.slice(1).map(({ location }) => location)).to.have.members(
      expected.map(({ slot }) => `slot:${slot}`),
    );
    expect(startLevels.level).to.equal(model.level);
    for (const each of expected) {
      const bundle = this.bundle(each);
      const { autostart, disabled, tainted, startLevel } = system.operator.status(bundle);
      const { state, version, generation } = bundle;
      expect(
        { state, version, generation, autostart, disabled, tainted, startLevel },
        `bundle ${each.slot}`,
      ).to.deep.equal({
        state: each.state,
        version: `${each.version}.0.0`,
        generation: each.generation,
        autostart: each.autostart ? 'eager' : 'stopped',
        disabled: !each.enabled,
        tainted: each.tainted,
        startLevel: each.level,
      });
      expect(bundle.context === undefined, 'a context while it runs').to.equal(each.state !== 'ACTIVE');
    }
    this.#expectServices(model);
    const active = expected.filter(({ state }) => state === 'ACTIVE');
    expect(this.clock.pending, 'timers').to.equal(active.length);
  }

  #expectServices(model: FrameworkModel): void {
    const references = this.context.getServiceReferences(Probe);
    const counts = (uses: Map<ModelBundle, number>) => new Map([...uses].map(([{ slot }, count]) => [slot, count]));
    const expected = [...model.services].map(({ owner, uses }) => ({ owner: owner.slot, uses: counts(uses) }));
    const slotOf = (bundle: Bundle): number => Number(bundle.location.slice('slot:'.length));
    const found = references.map((reference) => ({
      owner: slotOf(reference.bundle!),
      uses: new Map(reference.getUsingBundles().map((bundle) => [slotOf(bundle), this.#countOf(bundle, reference)])),
    }));
    expect(found, 'services and their use counts').to.deep.equal(expected);
    for (const each of model.bundles.values()) {
      const own = references.filter(({ bundle }) => bundle === this.bundle(each));
      expect(this.bundle(each).getRegisteredServices()).to.deep.equal(own);
      const used = references.filter((reference) => reference.getUsingBundles().includes(this.bundle(each)));
      expect(this.bundle(each).getServicesInUse()).to.have.members(used);
    }
  }

  /** Counts by giving all back, and takes them again. */
  #countOf(bundle: Bundle, reference: ReturnType<BundleContext['getServiceReferences']>[number]): number {
    const context = bundle.context!;
    let count = 0;
    while (context.ungetService(reference)) count++;
    for (let n = 0; n < count; n++) context.getService(reference);
    return count;
  }
}

function useBest(context: BundleContext): void {
  const best = context.getServiceReference(Probe);
  if (best) context.getService(best);
}

function contentOf({ slot, needs }: ModelBundle, behaviour: Behaviour, version: number): InlineBundle {
  const manifest = needs === undefined ? {} : { require: [{ ns: 'bundle', name: `slot${needs}` }] };
  const inline = inlineBundle(`slot${slot}`, {
    version: `${version}.0.0`,
    manifest,
    start: (context) => {
      useBest(context);
      context.registerService(Probe, {});
      context.setInterval(() => undefined, 1e9);
      context.onDispose(() => undefined);
      return act(behaviour.start);
    },
    stop: () => act(behaviour.stop),
  });
  if (behaviour.loads) return inline;
  const fail = (): never => {
    throw new Error('does not load');
  };
  return { ...inline, modules: { './activator': fail } };
}

function act(how: Behaviour['start']): void | Promise<void> {
  if (how === 'throw') throw new Error('thrown');
  if (how === 'reject') return Promise.reject(new Error('rejected'));
  return how === 'hang' ? new Promise(() => undefined) : undefined;
}
