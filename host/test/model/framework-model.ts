/** What a random activator does. */
export interface Behaviour {
  readonly start: 'ok' | 'throw' | 'reject' | 'hang';
  readonly stop: 'ok' | 'throw' | 'reject' | 'hang';
  /** The module itself fails to load. */
  readonly loads: boolean;
}

/** One service; the order of registration is that of the set. */
export interface ModelService {
  readonly owner: ModelBundle;
  /** Use counts by bundle. */
  readonly uses: Map<ModelBundle, number>;
}

/** A bundle as OSGi's rules, read without a framework, say it must be. */
export interface ModelBundle {
  readonly slot: number;
  /** It cannot be resolved before this bundle is installed and enabled. */
  readonly needs: number | undefined;
  state: 'INSTALLED' | 'RESOLVED' | 'ACTIVE';
  version: number;
  generation: number;
  behaviour: Behaviour;
  autostart: boolean;
  level: number;
  enabled: boolean;
  tainted: boolean;
  resume: boolean;
  startOrder: number;
}

/** The state of a whole framework in plain data, and the rules as plain functions over it. */
export class FrameworkModel {
  readonly bundles = new Map<number, ModelBundle>();
  readonly services = new Set<ModelService>();
  level = 100;
  #starts = 0;
  /** Generation before the last update. */
  readonly #previous = new Map<ModelBundle, number>();

  /** What a start must end with; undefined: well. */
  start(bundle: ModelBundle, transient: boolean): string | undefined {
    if (!transient) bundle.autostart = true;
    if (!bundle.enabled) return 'INVALID_OPERATION';
    if (bundle.level > this.level) return transient ? 'START_TRANSIENT_ERROR' : undefined;
    return this.activate(bundle);
  }

  stop(bundle: ModelBundle, transient: boolean): string | undefined {
    if (!transient) bundle.autostart = false;
    return this.deactivate(bundle);
  }

  activate(bundle: ModelBundle): string | undefined {
    if (bundle.state === 'ACTIVE') return undefined;
    if (!this.resolve(bundle)) return 'RESOLVE_ERROR';
    bundle.startOrder = ++this.#starts;
    bundle.tainted = false;
    if (!bundle.behaviour.loads) return 'ACTIVATOR_ERROR';
    if (bundle.behaviour.start !== 'ok') return bundle.behaviour.start === 'hang' ? 'START_TIMEOUT' : 'ACTIVATOR_ERROR';
    bundle.state = 'ACTIVE';
    this.useBest(bundle);
    this.register(bundle);
    return undefined;
  }

  deactivate(bundle: ModelBundle): string | undefined {
    if (bundle.state !== 'ACTIVE') return undefined;
    bundle.state = 'RESOLVED';
    for (const service of this.services) {
      service.uses.delete(bundle);
      if (service.owner === bundle) this.services.delete(service);
    }
    if (bundle.behaviour.stop === 'hang') bundle.tainted = true;
    if (bundle.behaviour.stop === 'ok') return undefined;
    return bundle.behaviour.stop === 'hang' ? 'STOP_TIMEOUT' : 'ACTIVATOR_ERROR';
  }

  resolve(bundle: ModelBundle): boolean {
    if (bundle.state !== 'INSTALLED') return true;
    if (!this.isResolvable(bundle)) return false;
    bundle.state = 'RESOLVED';
    const needed = bundle.needs === undefined ? undefined : this.bundles.get(bundle.needs);
    if (needed) this.resolve(needed);
    return true;
  }

  isResolvable(bundle: ModelBundle): boolean {
    if (bundle.needs === undefined) return true;
    const needed = this.bundles.get(bundle.needs);
    return needed !== undefined && (needed.state !== 'INSTALLED' || (needed.enabled && this.isResolvable(needed)));
  }

  update(bundle: ModelBundle, behaviour: Behaviour, version: number): string | undefined {
    if (bundle.enabled && !this.isResolvable(bundle)) return 'RESOLVE_ERROR';
    if (!behaviour.loads) return 'ACTIVATOR_ERROR';
    const before = { behaviour: bundle.behaviour, version: bundle.version, generation: bundle.generation };
    const running = bundle.state === 'ACTIVE';
    this.deactivate(bundle);
    bundle.state = 'INSTALLED';
    Object.assign(bundle, { behaviour, version, generation: this.#nextGeneration(bundle) });
    if (!running || this.activate(bundle) === undefined) {
      this.#previous.set(bundle, before.generation);
      return undefined;
    }
    Object.assign(bundle, before, { state: 'INSTALLED' });
    this.activate(bundle);
    return 'ACTIVATOR_ERROR';
  }

  #nextGeneration(bundle: ModelBundle): number {
    return Math.max(bundle.generation, this.#previous.get(bundle) ?? 0) + 1;
  }

  uninstall(bundle: ModelBundle): undefined {
    this.deactivate(bundle);
    this.bundles.delete(bundle.slot);
    return undefined;
  }

  setEnabled(bundle: ModelBundle, enabled: boolean): string | undefined {
    if (bundle.enabled === enabled) return undefined;
    bundle.enabled = enabled;
    if (!enabled) {
      if (bundle.state === 'INSTALLED') return undefined;
      bundle.resume ||= bundle.state === 'ACTIVE';
      const error = this.deactivate(bundle);
      bundle.state = 'INSTALLED';
      return error;
    }
    const due = bundle.resume || bundle.autostart;
    bundle.resume = false;
    return due && bundle.level <= this.level ? this.activate(bundle) : undefined;
  }

  setBundleLevel(bundle: ModelBundle, level: number): void {
    bundle.level = level;
    if (level > this.level) this.deactivate(bundle);
    else if (bundle.autostart && bundle.enabled) this.activate(bundle);
  }

  setLevel(level: number): void {
    const byId = [...this.bundles.values()];
    if (level > this.level) {
      const due = byId.filter((each) => each.level > this.level && each.level <= level);
      const from = this.level;
      for (const each of due.sort((a, b) => a.level - b.level)) {
        this.level = Math.max(from, each.level);
        if (each.autostart && each.enabled) this.activate(each);
      }
    } else {
      const leaving = byId.filter((each) => each.level > level && each.state === 'ACTIVE');
      for (const each of leaving.sort((a, b) => b.level - a.level || b.startOrder - a.startOrder))
        this.deactivate(each);
    }
    this.level = level;
  }

  register(owner: ModelBundle): ModelService {
    const service = { owner, uses: new Map<ModelBundle, number>() };
    this.services.add(service);
    return service;
  }

  unregister(service: ModelService): void {
    this.services.delete(service);
  }

  /** All rankings are equal: the oldest service is the best. */
  useBest(bundle: ModelBundle): void {
    for (const { uses } of this.services) {
      uses.set(bundle, (uses.get(bundle) ?? 0) + 1);
      return;
    }
  }

  /** Gives one use of the oldest service that the bundle uses back. */
  release(bundle: ModelBundle): void {
    for (const { uses } of this.services) {
      const count = uses.get(bundle);
      if (count === undefined) continue;
      if (count > 1) uses.set(bundle, count - 1);
      else uses.delete(bundle);
      return;
    }
  }
}
