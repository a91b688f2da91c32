import type {
  ComponentInstance as FactoryInstance,
  DeactivationReason,
  ServiceRegistration,
} from '@oxtender/bundle-api';
import { ComponentFactory } from '@oxtender/bundle-api';
import { basePid, factoryPidOf } from '../configuration/pid';
import { ComponentConfiguration } from './component-configuration';
import type { ComponentHome } from './component-home';
import type { ConfigurationSource } from './configuration-source';
import type { ComponentDeclaration } from './declaration';
import { type ComponentProperties, mergeProperties } from './properties';

/**
 * A component of a bundle with all its configurations: one, one for each factory configuration of its PID, or one for
 * each instance that its ComponentFactory made (rules C25, C28, C29).
 */
export class ComponentHolder {
  readonly home: ComponentHome;
  readonly #secrets = new Set<string>();
  readonly #gentle = new Set<string>();
  readonly #configurations = new Map<string, ComponentConfiguration>();
  readonly #made = new Set<ComponentConfiguration>();
  #watch: Disposable | undefined;
  #factory: ServiceRegistration | undefined;
  #started = false;
  #enabled: boolean;
  /** Why there is no configuration (policy `require`, or one that is refused). */
  #missing: string | undefined;

  constructor(
    readonly declaration: ComponentDeclaration,
    home: Omit<ComponentHome, 'secrets' | 'gentle'>,
    private readonly source: ConfigurationSource,
  ) {
    this.home = { ...home, secrets: this.#secrets, gentle: this.#gentle };
    this.#enabled = declaration.enabled;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get missing(): string | undefined {
    return this.#missing;
  }

  get configurations(): readonly ComponentConfiguration[] {
    return [...this.#configurations.values(), ...this.#made];
  }

  /** Whether a change of these keys would make it anew, or for the first time. @param pid - of a factory: its own */
  isRemadeBy(pid: string, changed: readonly string[]): boolean {
    const { pids, policy } = this.declaration;
    const factoryPid = factoryPidOf(pid);
    if (policy === 'ignore' || !this.#enabled || !pids.includes(factoryPid ?? basePid(pid))) return false;
    if (this.#missing !== undefined) return true;
    const known = this.#configurations.get(pid);
    const concerned = factoryPid === undefined ? this.configurations : known ? [known] : [];
    return concerned.some((configuration) => configuration.isRemadeBy(changed));
  }

  async start(): Promise<void> {
    this.#started = true;
    await this.#update();
  }

  async stop(reason: DeactivationReason): Promise<void> {
    this.#started = false;
    await this.#close(reason);
  }

  async setEnabled(enabled: boolean): Promise<void> {
    if (this.#enabled === enabled) return;
    this.#enabled = enabled;
    if (enabled) await this.#update();
    else await this.#close('disabled');
  }

  async #close(reason: DeactivationReason): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    this.#watch = undefined;
    this.#factory?.unregister();
    this.#factory = undefined;
    const open = this.configurations;
    this.#configurations.clear();
    this.#made.clear();
    await Promise.all(open.map(async (configuration) => configuration.close(reason)));
  }

  /** Makes the configurations as the configuration admin has them now. Begins in the stack of the change. */
  async #update(deleted = false): Promise<void> {
    if (!this.#started || !this.#enabled) return;
    const { declaration, home } = this;
    this.#watch ??= this.source.watch(home.context.bundle, declaration.pids, (gone) => this.#update(gone));
    const wanted = this.#wanted();
    if (declaration.factory !== undefined) {
      this.#offerFactory(wanted.get(''));
      return;
    }
    const gone = [...this.#configurations.keys()].filter((key) => !wanted.has(key));
    await Promise.all([
      ...gone.map((key) => this.#drop(key)),
      ...Array.from(wanted, ([key, properties]) => this.#provide(key, properties, deleted)),
    ]);
  }

  async #drop(key: string): Promise<void> {
    const configuration = this.#configurations.get(key);
    this.#configurations.delete(key);
    await configuration?.close('configuration-deleted');
  }

  async #provide(key: string, properties: ComponentProperties, deleted: boolean): Promise<void> {
    const known = this.#configurations.get(key);
    if (known) return known.reconfigure(properties, deleted ? 'configuration-deleted' : 'configuration-modified');
    const configuration = new ComponentConfiguration(this.declaration, this.home, properties);
    this.#configurations.set(key, configuration);
    await configuration.open();
  }

  /** Properties of each configuration that there should be, by its key. */
  #wanted(): Map<string, ComponentProperties> {
    const { declaration, home, source } = this;
    const { bundle } = home.context;
    this.#missing = undefined;
    if (declaration.policy === 'ignore') return new Map([['', mergeProperties(declaration)]]);
    const factories = declaration.pids.flatMap((pid) =>
      source.factoryPids(bundle, pid).map((each) => [pid, each] as const),
    );
    if (factories.length === 0) return mapOf('', this.#merge(new Map()));
    return new Map(factories.flatMap(([pid, each]) => [...mapOf(each, this.#merge(new Map([[pid, each]])))]));
  }

  /** @param instead - the factory configuration to be read in the place of its factory PID */
  #merge(instead: ReadonlyMap<string, string>): ComponentProperties | undefined {
    const { declaration, home, source } = this;
    const readings = declaration.pids.map((pid) => source.read(home.context.bundle, instead.get(pid) ?? pid));
    for (const key of readings.flatMap(({ secrets }) => secrets)) this.#secrets.add(key);
    for (const key of readings.flatMap(({ gentle }) => gentle)) this.#gentle.add(key);
    const refused = readings.find(({ properties }) => properties === undefined);
    const absent = declaration.policy === 'require' && !readings.some(({ exists }) => exists);
    if (refused) this.#missing = refused.reason ?? 'its configuration is refused';
    else if (absent) this.#missing = `there is no configuration ${declaration.pids.join(' or ')}`;
    else return mergeProperties(declaration, ...readings.map(({ properties = {} }) => properties));
    return undefined;
  }

  #offerFactory(properties: ComponentProperties | undefined): void {
    this.#factory?.unregister();
    this.#factory = undefined;
    if (!properties) return;
    const { declaration, home } = this;
    this.#factory = home.context.registerService(
      ComponentFactory,
      { newInstance: (given) => this.#newInstance(properties, given ?? {}) },
      { 'component.factory': declaration.factory, 'component.name': declaration.name },
    );
  }

  async #newInstance(properties: ComponentProperties, given: ComponentProperties): Promise<FactoryInstance> {
    const { declaration, home } = this;
    const configuration = new ComponentConfiguration(
      declaration,
      home,
      mergeProperties(declaration, properties, given),
    );
    this.#made.add(configuration);
    await configuration.open();
    const dispose = async (): Promise<void> => {
      if (this.#made.delete(configuration)) await configuration.close('disposed');
    };
    const { instance, failure } = configuration;
    if (instance) return { instance, dispose, [Symbol.asyncDispose]: dispose };
    const unsatisfied = configuration.trackers
      .filter((tracker) => !tracker.satisfied)
      .map((tracker) => tracker.declaration.name);
    await dispose();
    throw new Error(failure ?? `component ${declaration.name} lacks ${unsatisfied.join(', ')}`);
  }
}

function mapOf(key: string, properties: ComponentProperties | undefined): Map<string, ComponentProperties> {
  return new Map(properties ? [[key, properties]] : []);
}
