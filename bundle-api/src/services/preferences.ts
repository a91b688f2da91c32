import { serviceToken } from '../framework/token';

/** What can be kept. @public */
export type PreferenceValue = string | number | boolean;

/**
 * A small tree of values that a bundle keeps for itself, or for one of its users: window sizes, last choices. Kept over
 * updates and restarts, removed only by `oxtender uninstall --purge`. Not for data that matters: that is what databases
 * are for. OSGi Compendium, "Preferences Service"; rule G20.
 *
 * @public
 */
export interface Preferences {
  /** From the root: `a/b`; empty for the root. */
  readonly path: string;
  /** The value, or `fallback` where it is missing or of another type. */
  get(key: string): PreferenceValue | undefined;
  /** The value, or `fallback` where it is missing or of another type. */
  get<T extends PreferenceValue>(key: string, fallback: T): T;
  /** Keeps a value. On the disk with `flush`, at the latest when the bundle stops. */
  put(key: string, value: PreferenceValue): void;
  /** Forgets a value. */
  remove(key: string): void;
  /** Keys of this node. */
  keys(): string[];
  /** The node below, made when there is none. @throws TypeError for an empty name, or one with `//` in it */
  node(path: string): Preferences;
  /** Names of the nodes right below. */
  childrenNames(): string[];
  /** Takes this node and all below it away. */
  removeNode(): void;
  /** The tree of one user. @throws IllegalStateError on anything but the bundle's root */
  forUser(user: string): Preferences;
  /** Writes the bundle's trees, atomically. The host does it too, when the bundle stops. */
  flush(): Promise<void>;
}

/** Host constant, one per bundle: `@Inject(Preferences)`. @public */
export const Preferences = serviceToken<Preferences>('host.Preferences');
