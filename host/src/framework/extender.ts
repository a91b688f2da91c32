import type { Bundle, BundleContext, BundlePackage } from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';

/**
 * Order in which extenders quiesce a stopping bundle, and dress a starting one in reverse (rule L19).
 * The bundle's `signal` is aborted between `http` and `components`: requests in flight finish undisturbed.
 */
export const stopPhases = ['http', 'components', 'configuration'] as const;
export type StopPhase = (typeof stopPhases)[number];

/** What extenders see of one start of one generation of a bundle. */
export interface StartedGeneration {
  readonly bundle: Bundle;
  /** The framework's own context of this start: valid until the bundle is stopped. */
  readonly context: BundleContext;
  /** As `bundle.generation`. */
  readonly number: number;
  readonly package: BundlePackage;
  /** Absolute path of the content; undefined for an inline bundle. */
  readonly folder: string | undefined;
  /** Exports of the manifest's `components` modules, by the path that the manifest names. */
  readonly components: ReadonlyMap<string, unknown>;
  /** True while a lazily activated bundle waits for its first use (rule L17). */
  readonly lazy: boolean;
  /** The first use: ends the waiting. Resolves when the bundle is ACTIVE; at once when it is not lazy. */
  activate(): Promise<void>;
}

/**
 * A part of the host that serves bundles beyond the framework's core: components, configuration, HTTP.
 * OSGi's extender pattern with a seat in the lifecycle. All methods are optional; none can veto but `prepare`, `open` and `starting`.
 */
export interface Extender {
  readonly name: string;
  readonly phase: StopPhase;
  /** Milliseconds that `stopping` may take; 0: no limit. Beyond it the stop goes on with a WARNING. */
  readonly stopLimit?: number;

  /** Before the store is read; the framework's context is valid. The place to take what one process alone may have. */
  prepare?(framework: HostFramework): void | Promise<void>;
  /** The framework is initialised: its context is valid, no bundle is started. The place to register services. */
  open?(framework: HostFramework): void | Promise<void>;
  /** The framework is about to stop; all bundles run. */
  closing?(): void | Promise<void>;
  /** All bundles are stopped, the framework's context is still valid. */
  close?(): void | Promise<void>;

  /** Before the activator, after the modules are loaded. Throwing fails the start (rule L13). */
  starting?(generation: StartedGeneration): void | Promise<void>;
  /** After STARTED, or when a lazy bundle begins to wait; `bundle.start()` waits for it. Throwing is an ERROR event. */
  started?(generation: StartedGeneration): void | Promise<void>;
  /** After STOPPING and before the activator's `stop`; `signal` aborts when the limit is over. Also after a failed start. */
  stopping?(generation: StartedGeneration, options: { signal: AbortSignal }): void | Promise<void>;
  /** The clean-up is done, the context dead: drop what belongs to the generation (rule L20). */
  stopped?(generation: StartedGeneration): void | Promise<void>;

  /** Parts of a running bundle that failed, by name, and why: an update that adds one is taken back. */
  failures?(bundle: Bundle): ReadonlyMap<string, string>;

  /** An update begins; `finished` resolves when the new or the old generation runs, or neither can. */
  updating?(bundle: Bundle, finished: Promise<void>): void;
}
