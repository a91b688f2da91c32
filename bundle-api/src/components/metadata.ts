import type { BundleContext } from '../framework/bundle';
import type { ServiceToken } from '../framework/token';

/** Cardinality of a reference (rule C15). @public */
export type Cardinality = '1..1' | '0..1' | '1..n' | '0..n';

/** How a component refers to a service (section 9.4). @public */
export interface ReferenceOptions {
  /** Default `<token id>`; configuration may set `<name>.target`, `<name>.cardinality.minimum`, `<name>.guarded`. */
  readonly name?: string;
  readonly cardinality?: Cardinality;
  /** Short for cardinality `0..1`. */
  readonly optional?: boolean;
  /** Default static: the component is made anew when a bound service leaves. Constructor parameters are static. */
  readonly policy?: 'static' | 'dynamic';
  /** Default reluctant: a better service that arrives later is ignored (rule C16). */
  readonly policyOption?: 'reluctant' | 'greedy';
  /** LDAP filter over the service's properties. */
  readonly target?: string;
  readonly scope?: 'bundle' | 'prototype' | 'prototypeRequired';
  /**
   * The component gets a handle that ends with the binding: calls after that throw `ServiceGoneError`, calls in flight
   * finish (rule S24). For services that somebody keeps beyond their time, as in a long loop. Default: as the
   * token is `remotable`.
   */
  readonly guarded?: boolean;
  /** Names of methods, properties only. */
  readonly bind?: string;
  readonly unbind?: string;
  readonly updated?: string;
  /** Collections: a new array per change, or the same one mutated (rule C18). */
  readonly fieldOption?: 'replace' | 'update';
}

/** What a component is (section 9.2). @public */
export interface ComponentOptions {
  /** Unique in the bundle; default the class name. */
  readonly name?: string;
  /** Tokens under which the instance is registered. None: an immediate component. */
  readonly provides?: readonly ServiceToken<unknown>[];
  /** Activated as soon as it is satisfied, instead of when its service is first used (rule C10). */
  readonly immediate?: boolean;
  /** Keep the instance when nobody uses its service any more (rule C10). Default: it is dropped. */
  readonly keepInstance?: boolean;
  readonly scope?: 'singleton' | 'bundle' | 'prototype';
  readonly enabled?: boolean;
  /** Factory component: registered as `ComponentFactory` with this id (rule C29). */
  readonly factory?: string;
  /** `$` is the component's name. Default `['$']`. Merged left to right (rule C25). */
  readonly configurationPid?: readonly string[];
  readonly configurationPolicy?: 'optional' | 'require' | 'ignore';
  /** Service properties. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Why an instance goes (rule C14). @public */
export type DeactivationReason =
  | 'unspecified'
  | 'disabled'
  | 'reference-lost'
  | 'configuration-modified'
  | 'configuration-deleted'
  | 'disposed'
  | 'bundle-stopped';

/** Handed to `@Activate`. @public */
export interface ComponentContext {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly bundleContext: BundleContext;
}

/** Where a constructor parameter comes from. @public */
export type ParameterSource =
  | { readonly kind: 'reference'; readonly token: ServiceToken<unknown>; readonly options: ReferenceOptions }
  | { readonly kind: 'constant'; readonly token: ServiceToken<unknown> }
  | { readonly kind: 'config'; readonly watch: readonly string[] | undefined };

/** What the decorators wrote; read by the host. @public */
export interface ComponentMetadata {
  options?: ComponentOptions;
  readonly parameters: (ParameterSource | undefined)[];
  readonly properties: { key: string | symbol; token: ServiceToken<unknown>; options: ReferenceOptions }[];
  activate?: string | symbol;
  modified?: string | symbol;
  deactivate?: string | symbol;
}

/** Weak, so that the classes of a replaced generation are freed (rule C4). */
const store = new WeakMap<object, ComponentMetadata>();

/** The metadata of a class, made empty when there is none. @internal */
export function metadataOf(target: object): ComponentMetadata {
  let metadata = store.get(target);
  if (!metadata) store.set(target, (metadata = { parameters: [], properties: [] }));
  return metadata;
}

/** The metadata if `target` is a class decorated with `@Component`. @public */
export function componentMetadata(target: unknown): ComponentMetadata | undefined {
  if (typeof target !== 'function') return undefined;
  const metadata = store.get(target);
  return metadata?.options ? metadata : undefined;
}
