import { PermissionError } from '@oxtender/bundle-api';
import type { BundlePermissions, ServiceToken } from '@oxtender/bundle-api';
import type { ServiceRecord } from '../registry/service-record';

/** What a manifest permits its bundle in the service registry; nothing said: everything (rule X4). */
export class Permissions {
  static readonly all = new Permissions('', undefined);

  readonly #bundle: string;
  readonly #register: RegExp | undefined;
  readonly #consume: RegExp | undefined;

  constructor(bundle: string, declared: BundlePermissions | undefined) {
    this.#bundle = bundle;
    this.#register = anyOf(declared?.services?.register);
    this.#consume = anyOf(declared?.services?.consume);
  }

  /** Whether look-ups must be filtered at all. */
  get restrictsConsumption(): boolean {
    return this.#consume !== undefined;
  }

  /** @throws PermissionError */
  assertRegister({ id }: ServiceToken<unknown>): void {
    if (this.#register && !this.#register.test(id)) {
      throw new PermissionError(`${this.#bundle} may not register ${id}: its manifest does not permit it`);
    }
  }

  /** The host's own services, and a bundle's own, need no permission. */
  mayConsume({ owner, tokens }: ServiceRecord): boolean {
    if (!this.#consume || owner.bundle.id === 0 || owner.bundle.symbolicName === this.#bundle) return true;
    return tokens.some(({ id }) => this.#consume?.test(id));
  }

  /** @throws PermissionError */
  assertConsume(record: ServiceRecord): void {
    if (!this.mayConsume(record)) {
      throw new PermissionError(
        `${this.#bundle} may not use ${record.reference.toString()}: its manifest does not permit it`,
      );
    }
  }
}

/** A pattern for names with `*`; undefined when nothing was said. */
export function anyOf(patterns: readonly string[] | undefined): RegExp | undefined {
  if (!patterns) return undefined;
  return new RegExp(`^(?:${patterns.map(globSource).join('|') || '(?!)'})$`);
}

/** `*` stands for any text. */
export function globSource(pattern: string): string {
  return pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}

/** What a manifest permits its bundle, by area: `services.register`, `http.paths`. */
function areasOf(permissions: BundlePermissions | undefined): Map<string, readonly string[]> {
  const areas = new Map<string, readonly string[]>();
  for (const [area, value] of Object.entries(permissions ?? {})) {
    if (Array.isArray(value)) areas.set(area, value as string[]);
    else for (const [part, each] of Object.entries(value as object)) areas.set(`${area}.${part}`, each as string[]);
  }
  return areas;
}

/** One line for each: `services.register example.*`. */
export function permissionTexts(permissions: BundlePermissions | undefined): string[] {
  return [...areasOf(permissions)].flatMap(([area, values]) => values.map((value) => `${area} ${value}`));
}

/** What the second manifest permits and the first does not. An area that is left out permits everything. */
export function morePermissions(before: BundlePermissions | undefined, after: BundlePermissions | undefined): string[] {
  const asked = areasOf(after);
  return [...areasOf(before)].flatMap(([area, permitted]) => {
    const wanted = asked.get(area) ?? ['*'];
    return wanted.filter((each) => !permitted.includes(each)).map((each) => `${area} ${each}`);
  });
}
