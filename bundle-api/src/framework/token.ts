/**
 * Names a service and carries its type. Identity is the id text plus the major version, never the object:
 * two bundles may load two copies of a token (rule 15.2).
 *
 * @public
 */
export interface ServiceToken<T> {
  /** Stable id, for example `usm.SyncEngine`. Appears in `objectClass`. */
  readonly id: string;
  /** Semantic version of the contract. */
  readonly version: string;
  /** Checked by the registry when a service is registered (rule S1). */
  readonly guard?: (service: unknown) => boolean;
  /** Its services may be far away, and gone at any time: components get guarded handles unless they say no (rule S24). */
  readonly remotable?: boolean;
  /** Only for the compiler. */
  readonly __service?: T;
}

/**
 * Makes the token of a contract. By custom the token and the interface share one name:
 * `export const Storage = serviceToken<Storage>('storage.Storage')`.
 *
 * @public
 */
export function serviceToken<T>(
  id: string,
  options: { version?: string; guard?: (service: unknown) => boolean; remotable?: boolean } = {},
): ServiceToken<T> {
  const { version = '1.0.0', guard, remotable } = options;
  return Object.freeze({ id, version, ...(guard && { guard }), ...(remotable && { remotable }) });
}
