/** Framework properties that the host reads, with their defaults. Times in milliseconds; 0 switches a limit off. */
export const propertyDefaults = {
  /** Wait for another operation on the same bundle (rule L7). */
  'host.lockTimeout': '5000',
  /** An activator's `start` (rule L14). */
  'host.startTimeout': '30000',
  /** An activator's `stop` (rule L22). */
  'host.stopTimeout': '10000',
  /** Users of a service that goes with its bundle may finish (rule S23). */
  'host.serviceDrain': '5000',
  /** Start level that `start` goes to (rule P1). */
  'host.beginningStartLevel': '100',
  /** Level 1 alone is started (rule P11). */
  'host.safeMode': 'false',
  /** Symbolic names whose failure aborts the start of the framework (rule P13). */
  'host.requiredBundles': '',
  /** Patterns of disabled bundles (rule P14). */
  'host.disabled': '',
  /** A range without a pre-release admits pre-releases (rule R8). */
  'host.resolver.includePrerelease': 'false',
  /** `abort` or `continue` when the old generation's stop fails (rule U4). */
  'host.update.onStopError': 'continue',
  /** `rollback` or `keep` when the new generation's start fails (rule U6). */
  'host.update.onStartError': 'rollback',
  /** Load the new generation's modules before the old one stops (rule U2). */
  'host.update.preload': 'true',
  /** Signatures: `off`, `warn` or `require` (rule X2). */
  'host.integrity.policy': 'off',
  /** Ed25519 public keys that may sign bundles: PEM blocks, or files with them. */
  'host.integrity.trustedKeys': '',
  'host.integrity.allowDowngrade': 'false',
} as const;

export type PropertyKey = keyof typeof propertyDefaults;

/** What the launcher was given, over the defaults. */
export class FrameworkProperties {
  readonly #given: Map<string, string>;

  constructor(given: Readonly<Record<string, string>> = {}) {
    this.#given = new Map(Object.entries(given));
  }

  /** For what is known when the framework runs, as the address that it listens on. */
  define(key: string, value: string): void {
    this.#given.set(key, value);
  }

  get(key: string): string | undefined {
    return this.#given.get(key) ?? (propertyDefaults as Readonly<Record<string, string>>)[key];
  }

  text(key: PropertyKey): string {
    return this.get(key) ?? '';
  }

  /** @throws RangeError when the value is no number from 0 */
  number(key: PropertyKey): number {
    const value = Number(this.text(key));
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${key} must be a number from 0`);
    return value;
  }

  flag(key: PropertyKey): boolean {
    return this.text(key) === 'true';
  }

  /** Parts between commas. */
  list(key: PropertyKey): string[] {
    const parts = this.text(key).split(',');
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }
}
