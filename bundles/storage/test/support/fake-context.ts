import { join } from 'node:path';
import type {
  BundleContext,
  Counter,
  Gauge,
  Histogram,
  Metrics,
  ServiceRegistration,
  ServiceToken,
} from '@oxtender/bundle-api';

/** A bundle's door to a framework that only keeps a list. */
export class FakeContext {
  /** Services by the id of their token. */
  readonly services = new Map<string, unknown[]>();
  /** `+storage.Database`, `-storage.Database`… */
  readonly events: string[] = [];
  #onEvent: (() => void) | undefined;

  constructor(private readonly folder: string) {}

  get context(): BundleContext {
    return {
      getDataFile: (path: string) => join(this.folder, path),
      registerService: (token: ServiceToken<unknown>, service: unknown) => this.#register(token, service),
    } as unknown as BundleContext;
  }

  all<T>(token: ServiceToken<T>): T[] {
    return (this.services.get(token.id) ?? []) as T[];
  }

  /** The only service of the token. */
  one<T>(token: ServiceToken<T>): T {
    const [service, ...more] = this.all(token);
    if (service === undefined || more.length > 0) throw new Error(`${more.length} more, or no ${token.id}`);
    return service;
  }

  /** Resolves when the service is there. */
  async until<T>(token: ServiceToken<T>): Promise<T> {
    while (this.all(token).length === 0) await new Promise<void>((resolve) => (this.#onEvent = resolve));
    return this.one(token);
  }

  #register(token: ServiceToken<unknown>, service: unknown): ServiceRegistration {
    this.services.set(token.id, [...this.all(token), service]);
    this.#tell(`+${token.id}`);
    const unregister = (): Promise<void> => {
      const rest = this.all(token).filter((candidate) => candidate !== service);
      if (rest.length < this.all(token).length) {
        this.services.set(token.id, rest);
        this.#tell(`-${token.id}`);
      }
      return Promise.resolve();
    };
    return { unregister, [Symbol.dispose]: () => void unregister() } as unknown as ServiceRegistration;
  }

  #tell(event: string): void {
    this.events.push(event);
    this.#onEvent?.();
  }
}

/** Adds up what was observed, by name. */
export class FakeMetrics implements Metrics {
  readonly sums = new Map<string, number>();

  counter({ name }: { readonly name: string }): Counter {
    return { add: (value = 1, labels = {}) => this.#add([name, ...Object.values(labels)].join(' '), value) };
  }

  gauge(): Gauge {
    return { set: () => undefined };
  }

  histogram({ name }: { readonly name: string }): Histogram {
    return { observe: () => this.#add(name, 1) };
  }

  #add(name: string, value: number): void {
    this.sums.set(name, (this.sums.get(name) ?? 0) + value);
  }
}
