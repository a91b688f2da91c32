import type { Bundle, FrameworkEvent, FrameworkListener } from './bundle';
import type { BundleContent, BundlePackage, Capability, Requirement } from './manifest';
import { serviceToken } from './token';

/**
 * The system bundle: what `createFramework` returns, and a service of bundle 0 for operators' consoles.
 * OSGi Core, "Framework Launching"; reference section 3.
 *
 * @public
 */
export interface Framework extends Bundle {
  /**
   * STARTING, with a valid context, at start level 0 (rule P12).
   *
   * @param listeners - framework listeners that hear what happens on the way, too
   */
  init(...listeners: FrameworkListener[]): Promise<void>;
  /** Initialises when need be, and goes to the beginning start level. */
  start(): Promise<void>;
  /** Goes to start level 0; autostart settings survive. */
  stop(): Promise<void>;
  /** Stops, and starts again. */
  update(): Promise<void>;
  /** Resolves with STOPPED or STOPPED_UPDATE, or with INFO when the time (milliseconds, 0: for ever) ran out. */
  waitForStop(timeout?: number): Promise<FrameworkEvent>;

  readonly startLevel: FrameworkStartLevel;
  readonly wiring: FrameworkWiring;
  readonly operator: FrameworkOperator;
}
/** Its token: what it is registered and found by. @public */
export const Framework = serviceToken<Framework>('host.Framework');

/** OSGi Core, "Start Level API"; rules P1 to P8. @public */
export interface FrameworkStartLevel {
  readonly level: number;
  /** Level of bundles that will be installed; kept over restarts (rule P8). */
  readonly initialBundleLevel: number;
  /** @throws RangeError unless an integer from 1 */
  setInitialBundleLevel(level: number): Promise<void>;
  /**
   * Moves the framework; returns at once, STARTLEVEL_CHANGED tells the end, to `listeners` too (rule P3).
   *
   * @throws RangeError unless an integer from 1
   */
  setLevel(level: number, ...listeners: FrameworkListener[]): void;
  /** Start level of a bundle; 0 for the framework itself (rule P2). */
  bundleLevel(bundle: Bundle): number;
  /** Starts or stops the bundle if that is now due (rule P5). @throws RangeError unless an integer from 1 */
  setBundleLevel(bundle: Bundle, level: number): Promise<void>;
  /** Whether it starts when its level is reached (rule P4). */
  isPersistentlyStarted(bundle: Bundle): boolean;
}

/** A requirement and the capability that it got. @public */
export interface Wire {
  readonly requirement: Requirement;
  readonly requirer: Bundle;
  readonly capability: Capability;
  readonly provider: Bundle;
  /** The provider's content when the wire was made (rule U9). */
  readonly providerGeneration: number;
}

/** Why a capability does not do (rule R12). @public */
export type MismatchReason = 'range' | 'attribute' | 'provider-unresolved' | 'disabled' | 'singleton-conflict';

/** A capability that nearly fits. @public */
export interface NearestCapability {
  readonly capability: Capability;
  readonly provider: Bundle;
  readonly reason: MismatchReason;
  /** One sentence. */
  readonly text: string;
  /** With `provider-unresolved`: what the provider lacks itself. */
  readonly explanation?: Explanation;
}

/** Why a bundle does not resolve (rule R12). @public */
export interface Explanation {
  readonly bundle: Bundle;
  readonly resolvable: boolean;
  /** The first reason in one sentence; `resolvable` when there is none. */
  readonly text: string;
  readonly disabled: boolean;
  /** The version of the same name that won (rule R9). */
  readonly singletonConflict?: Bundle;
  readonly missing: readonly { readonly requirement: Requirement; readonly nearest: readonly NearestCapability[] }[];
}

/** OSGi Core, "Framework Wiring"; rules R2, R12, U9, U10. @public */
export interface FrameworkWiring {
  /** Resolves these (default: all) as far as possible; true when all of them are resolved. */
  resolve(bundles?: readonly Bundle[]): Promise<boolean>;
  /** What `refresh` would touch: the bundles and those wired to them (rule U9). */
  dependencyClosure(bundles?: readonly Bundle[]): Bundle[];
  /** Default: bundles whose old generation still has wires. Returns the closure that it refreshed. */
  refresh(bundles?: readonly Bundle[]): Promise<Bundle[]>;
  /** Bundles with an old generation that others are still wired to. */
  removalPending(): Bundle[];
  /** What the bundle provides: as declared, and its `identity` and `bundle`, which every bundle has (rule R1). */
  capabilities(bundle: Bundle): readonly Capability[];
  /** What the bundle's requirements are wired to. */
  wires(bundle: Bundle): readonly Wire[];
  /** Why a bundle does or does not resolve (rule R12). */
  explain(bundle: Bundle): Explanation;
}

/** What the operator knows and does beyond OSGi's API. @public */
export interface FrameworkOperator {
  /** What the states of OSGi do not tell of a bundle. */
  status(bundle: Bundle): BundleStatus;
  /** Resolves when the bundle is stopped, or back as it was before it was disabled (rule P14). */
  setEnabled(bundle: Bundle, enabled: boolean): Promise<void>;
  /** Patterns on symbolic names, `*` allowed, with an optional range: `vendor.*` or `vendor.mail@^1`. */
  readonly disabledPatterns: readonly string[];
  /**
   * Replaces them and acts at once: stops what must not run, starts again what may (rule P14).
   *
   * @throws RangeError for a malformed range
   */
  setDisabledPatterns(patterns: readonly string[]): Promise<void>;
  /**
   * Installs a bundle and starts it, or does neither: when the start fails the bundle is taken out again. A disabled bundle
   * is installed, and starts when it is enabled. One that is there already is only started.
   *
   * @throws BundleError of the install or of the start
   */
  installAndStart(location: string, content?: BundleContent): Promise<Bundle>;
  /**
   * Reads and checks content as an install would, and leaves everything as it is.
   *
   * @param options - `start`: as `installAndStart` would
   * @throws BundleError what the install would be refused with, or the start before it runs anything
   */
  rehearseInstall(
    content: BundleContent,
    options?: { start?: boolean },
  ): Promise<{ readonly symbolicName: string; readonly package: BundlePackage }>;
  /**
   * As `bundle.update`.
   *
   * @param options - `approved`: the operator agrees to permissions that the running content does not have; without that an
   * update that asks for more is refused (rule X4)
   * @throws BundleError
   */
  update(bundle: Bundle, content?: BundleContent, options?: { approved?: boolean }): Promise<void>;
  /**
   * Reads and checks new content as an update would, and leaves everything as it is.
   *
   * @throws BundleError what the update would be refused with before it touches anything (rule U3)
   */
  rehearseUpdate(bundle: Bundle, content?: BundleContent, options?: { approved?: boolean }): Promise<void>;
  /** Back to the generation before the last update (rule U7). */
  rollback(bundle: Bundle): Promise<void>;
  /** Deletes the previous generations from the store. */
  collectGarbage(): Promise<void>;
  /**
   * Which bundles and services an operation would stop, start or take away (rule O2). `enable` is followed by a start.
   *
   * @throws BundleError what the operation would be refused with
   */
  consequencesOf(operation: PlannedOperation): Consequences;
  /**
   * Old generations still in memory, oldest first (rule N2).
   *
   * @param options - `collect`: after a garbage collection, default true; `holders`: also say what keeps them alive,
   * from a heap snapshot, for which the process stands still a second or several
   */
  leaks(options?: { collect?: boolean; holders?: boolean }): Promise<readonly LeakedGeneration[]>;
}

/** How a bundle is set up and how it fares. @public */
export interface BundleStatus {
  /** As the persistent state has it (rule P9). */
  readonly autostart: 'stopped' | 'eager' | 'declared';
  readonly startLevel: number;
  readonly disabled: boolean;
  /** Its code may still run after a stop that timed out (rule L22). */
  readonly tainted: boolean;
  /** Not started by itself any more, for the process died during its last starts (rule P11). */
  readonly crashing: boolean;
  /** Its content differs from what was packed: it must not run (rule X2). */
  readonly corrupt: boolean;
  readonly lazy: boolean;
  readonly previousVersion: string | undefined;
  /** Milliseconds since 1970; undefined unless ACTIVE. */
  readonly startedAt: number | undefined;
  readonly lastError: string | undefined;
  /** Milliseconds of the last start, by part (rule O8). */
  readonly timings: { readonly resolve: number; readonly load: number; readonly start: number };
}

/** An operation to ask about before it is done (rule O2). @public */
export interface PlannedOperation {
  readonly kind:
    | 'start'
    | 'stop'
    | 'restart'
    | 'update'
    | 'uninstall'
    | 'refresh'
    | 'disable'
    | 'enable'
    | 'startLevel'
    | 'bundleLevel';
  readonly bundles: readonly Bundle[];
  /** With `startLevel`: the framework's new level. With `bundleLevel`: that of the bundles. */
  readonly level?: number;
}

/** What an operation would do (rule O2). @public */
export interface Consequences {
  readonly stops: readonly Bundle[];
  readonly starts: readonly Bundle[];
  readonly unresolves: readonly Bundle[];
  /** Services that go, and who uses them now. */
  readonly services: readonly {
    readonly objectClass: readonly string[];
    readonly provider: Bundle;
    readonly users: readonly Bundle[];
  }[];
}

/** Why an object is not collected. @public */
export interface HoldingPath {
  /** As in `alive`. */
  readonly what: string;
  /** From the root on: `.property of Class`. Empty when it was collected meanwhile. */
  readonly path: readonly string[];
}

/** A replaced generation that is still in memory (rule N2). @public */
export interface LeakedGeneration {
  readonly bundle: string;
  readonly version: string;
  readonly generation: number;
  /** What of it is still in memory: modules, what they export, the activator, the bundle context. */
  readonly alive: readonly string[];
  /** For each, the shortest way from a root of the garbage collector to it. With `holders` only. */
  readonly heldBy?: readonly HoldingPath[];
  /** Milliseconds since 1970 when it was unloaded. */
  readonly unloadedAt: number;
}
