import type { Bundle, Clock, ComponentReport, Logger } from '@oxtender/bundle-api';
import { ServiceComponentRuntime } from '@oxtender/bundle-api';
import type { Extender, StartedGeneration } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import { Activations } from './activations';
import { BundleContainer, type HostConstant } from './bundle-container';
import { nearestCandidates } from './candidates';
import { ComponentHolder } from './component-holder';
import type { ConfigurationSource } from './configuration-source';
import { cycleThrough, withCycles } from './cycles';
import { declarationsOf, type InvalidComponent } from './declaration';
import { takeGlobalRegistrations } from './global-container';
import { reportsOf } from './report';

export interface ComponentExtenderOptions {
  readonly clock: Clock;
  readonly configurations: ConfigurationSource;
  /** What the bundle may `@Inject`. */
  constants(generation: StartedGeneration): readonly HostConstant[];
  log(bundle: Bundle): Logger;
  /** Milliseconds that holders of a component's service have to finish when it goes. */
  readonly drain: number;
  /** Milliseconds that a bundle's start waits for its components; slower ones go on by themselves. */
  readonly patience: number;
}

interface Residence {
  readonly container: BundleContainer;
  readonly holders: readonly ComponentHolder[];
  readonly invalid: readonly InvalidComponent[];
}

/** Runs the components of started bundles. OSGi Compendium, "Declarative Services"; reference section 9. */
export class ComponentExtender implements Extender, ServiceComponentRuntime {
  readonly name = 'components';
  readonly phase = 'components';
  readonly #residences = new Map<Bundle, Residence>();
  readonly #activations = new Activations();
  #lastId = 0;

  constructor(private readonly options: ComponentExtenderOptions) {}

  get stopLimit(): number {
    return this.options.drain + 5000;
  }

  open(framework: HostFramework): void {
    framework.system.context?.registerService(ServiceComponentRuntime, this);
  }

  started(generation: StartedGeneration): Promise<void> | undefined {
    this.#reportStrays(generation);
    return generation.components.size > 0 ? this.#start(generation) : undefined;
  }

  stopping({ bundle }: StartedGeneration): Promise<void> | undefined {
    const residence = this.#residences.get(bundle);
    return residence && stopAll(residence.holders);
  }

  stopped({ bundle }: StartedGeneration): void {
    this.#residences.get(bundle)?.container[Symbol.dispose]();
    this.#residences.delete(bundle);
  }

  failures(bundle: Bundle): ReadonlyMap<string, string> {
    const late = `its activation did not end within ${this.options.patience} ms`;
    return new Map(
      this.#reports(bundle, () => []).flatMap(({ name, state, reason = '' }) => {
        if (state !== 'failed' && state !== 'activating') return [];
        return [[`component ${name}`, state === 'failed' ? reason : late] as const];
      }),
    );
  }

  list(bundle?: Bundle): ComponentReport[] {
    const reported = this.#reports(bundle, () => []);
    const all = bundle ? this.#reports(undefined, () => []) : reported;
    return reported.every(({ state }) => state !== 'unsatisfied-reference')
      ? reported
      : withCycles(
          this.#reports(bundle, (tracker, context) => nearestCandidates(tracker, context, all)),
          all,
        );
  }

  /** Components that a change of these keys would make anew, or for the first time (rule G17). */
  remadeBy(pid: string, changed: readonly string[]): ComponentReport[] {
    return [...this.#residences].flatMap(([bundle, { holders }]) =>
      holders
        .filter((holder) => holder.isRemadeBy(pid, changed))
        .flatMap((holder) => reportsOf(holder, bundle, () => [])),
    );
  }

  async setEnabled(bundle: Bundle, name: string, enabled: boolean): Promise<void> {
    const holder = this.#residences.get(bundle)?.holders.find((each) => each.declaration.name === name);
    if (!holder) throw new Error(`bundle ${bundle.symbolicName} has no component ${name}`);
    await holder.setEnabled(enabled);
  }

  async #start(generation: StartedGeneration): Promise<void> {
    const { bundle } = generation;
    const residence = this.#settle(generation);
    this.#residences.set(bundle, residence);
    for (const { name, faults } of residence.invalid)
      this.options.log(bundle).error('component is declared wrongly', { component: name, faults });
    const up = Promise.all(residence.holders.map((holder) => holder.start()));
    if (!(await this.#inTime(up)))
      this.options.log(bundle).warn('components take long to activate', { waited: this.options.patience });
    this.#reportCycles(generation);
  }

  /** Rule C22. */
  #reportCycles({ bundle, context }: StartedGeneration): void {
    const own = this.#reports(bundle, () => []).filter(({ state }) => state === 'unsatisfied-reference');
    if (own.length === 0) return;
    const all = this.#reports(undefined, () => []);
    for (const report of own) {
      const cycle = cycleThrough(report, all);
      if (cycle) context.reportError(cycle, `component ${report.name} is never satisfied`);
    }
  }

  #reports(bundle: Bundle | undefined, search: Parameters<typeof reportsOf>[2]): ComponentReport[] {
    return [...this.#residences].flatMap(([owner, { holders, invalid }]) => {
      if (bundle && owner !== bundle) return [];
      return [
        ...holders.flatMap((holder) => reportsOf(holder, owner, search)),
        ...invalid.map(({ name, faults }): ComponentReport => ({
          bundle: owner,
          name,
          state: 'failed',
          provides: [],
          references: [],
          properties: {},
          pids: [],
          reason: `it is declared wrongly: ${faults.join('; ')}`,
        })),
      ];
    });
  }

  #settle(generation: StartedGeneration): Residence {
    const exports = [...generation.components.values()].flatMap((module): unknown[] => Object.values(module as object));
    const { valid, invalid } = declarationsOf(exports);
    const log = this.options.log(generation.bundle);
    const container = new BundleContainer(this.options.constants(generation));
    const home = {
      context: generation.context,
      container,
      log,
      clock: this.options.clock,
      activations: this.#activations,
      drain: this.options.drain,
      nextId: () => ++this.#lastId,
      activateBundle: () => (generation.lazy ? generation.activate() : undefined),
    };
    const holders = valid.map((declaration) => new ComponentHolder(declaration, home, this.options.configurations));
    return { container, holders, invalid };
  }

  /** Rule C3. */
  #reportStrays({ bundle }: StartedGeneration): void {
    const strays = takeGlobalRegistrations();
    if (strays.length === 0) return;
    const advice = 'not registered: a bundle has a container of its own; use @Component, not @singleton or @registry';
    this.options.log(bundle).error(advice, { tokens: strays });
  }

  /** False when the time is over before. */
  async #inTime(work: Promise<unknown>): Promise<boolean> {
    let timer: Disposable | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = this.options.clock.setTimeout(() => resolve(false), this.options.patience);
    });
    try {
      return await Promise.race([work.then(() => true), late]);
    } finally {
      timer?.[Symbol.dispose]();
    }
  }
}

/** The last one first. */
async function stopAll(holders: readonly ComponentHolder[]): Promise<void> {
  await Promise.all(holders.toReversed().map((holder) => holder.stop('bundle-stopped')));
}
