import type { BundleContext, ConfigurationEvent, Logger } from '@oxtender/bundle-api';
import { ManagedService, ManagedServiceFactory } from '@oxtender/bundle-api';
import { type LiveService, LiveServices } from '../tracking/live-services';
import type { ConfigurationExtender } from './configuration-extender';
import { SerialQueue } from './serial-queue';

interface Target {
  readonly queue: SerialQueue;
  readonly deliver: (pid: string) => void | Promise<void>;
}

/** Delivers configurations to ManagedService and ManagedServiceFactory services (rules G5 to G7). */
export class ManagedServices implements Disposable {
  readonly #targets = new Map<LiveService<unknown>, Target>();
  readonly #sets: Disposable[];

  constructor(
    context: BundleContext,
    private readonly source: ConfigurationExtender,
    private readonly log: Logger,
  ) {
    const observer = {
      added: (live: LiveService<unknown>) => this.#add(live),
      changed: (live: LiveService<unknown>) => this.#add(live),
      removed: (live: LiveService<unknown>) => void this.#targets.delete(live),
    };
    this.#sets = [
      new LiveServices(context, ManagedService, observer),
      new LiveServices(context, ManagedServiceFactory, observer),
    ];
  }

  [Symbol.dispose](): void {
    for (const set of this.#sets) set[Symbol.dispose]();
  }

  /** A configuration changed: those who are configured by it get it. */
  changed(event: ConfigurationEvent): void {
    for (const [live, target] of this.#targets) {
      for (const pid of pidsOf(live)) {
        if (concerns(event, pid)) this.#enqueue(live, target, isFactory(live) ? event.pid : pid);
      }
    }
  }

  /** Resolves when everything that was to be delivered is. */
  async idle(): Promise<void> {
    await Promise.all([...this.#targets.values()].map(({ queue }) => queue.idle));
  }

  /** At once with what there is: null, or nothing for a factory, where there is none. */
  #add(live: LiveService<unknown>): void {
    if (live.service === undefined || this.#targets.has(live)) return;
    const target: Target = { queue: new SerialQueue(), deliver: (pid) => this.#deliver(live, pid) };
    this.#targets.set(live, target);
    const { bundle } = live.reference;
    if (!bundle) return;
    for (const pid of pidsOf(live)) {
      const first = isFactory(live) ? this.source.factoryPids(bundle, pid) : [pid];
      for (const each of first) this.#enqueue(live, target, each);
    }
  }

  #enqueue(live: LiveService<unknown>, { queue, deliver }: Target, pid: string): void {
    const bundle = live.reference.bundle?.symbolicName;
    void queue.add(
      () => (this.#targets.has(live) ? deliver(pid) : undefined),
      (error) => this.log.error('a configuration was not taken', { pid, bundle, error }),
    );
  }

  #deliver({ reference, service }: LiveService<unknown>, pid: string): void | Promise<void> {
    const { bundle } = reference;
    if (!bundle) return;
    const { properties, exists } = this.source.read(bundle, pid);
    const delivered = exists && properties ? { ...properties, 'service.pid': pid } : null;
    if (!('deleted' in (service as object))) return (service as ManagedService).updated(delivered);
    const factory = service as ManagedServiceFactory;
    return delivered ? factory.updated(pid, delivered) : factory.deleted(pid);
  }
}

function isFactory({ service }: LiveService<unknown>): boolean {
  return typeof (service as Partial<ManagedServiceFactory>).deleted === 'function';
}

function concerns({ pid, factoryPid }: ConfigurationEvent, target: string): boolean {
  return pid === target || factoryPid === target || pid.startsWith(`${target}|`);
}

function pidsOf({ reference }: LiveService<unknown>): string[] {
  const value = reference.getProperty('service.pid');
  const pids: unknown[] = Array.isArray(value) ? value : [value];
  return pids.filter((pid) => typeof pid === 'string');
}
