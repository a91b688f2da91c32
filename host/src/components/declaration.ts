import type {
  Cardinality,
  ComponentMetadata,
  ComponentOptions,
  ParameterSource,
  ReferenceOptions,
  ServiceToken,
} from '@oxtender/bundle-api';
import { componentMetadata } from '@oxtender/bundle-api';

/** Where the services of a reference go. */
export type ReferencePlace =
  | { readonly kind: 'parameter'; readonly index: number }
  | {
      readonly kind: 'property';
      readonly key: string | symbol;
      readonly bind?: string;
      readonly unbind?: string;
      readonly updated?: string;
      readonly mutate: boolean;
    };

/** One reference of a component (rule C15). */
export interface ReferenceDeclaration {
  readonly name: string;
  readonly token: ServiceToken<unknown>;
  readonly cardinality: Cardinality;
  readonly minimum: 0 | 1;
  readonly many: boolean;
  readonly dynamic: boolean;
  readonly greedy: boolean;
  readonly target: string | undefined;
  readonly scope: 'bundle' | 'prototype' | 'prototypeRequired';
  readonly guarded: boolean;
  readonly place: ReferencePlace;
}

/** A component as its class declares it, with every default filled in. */
export interface ComponentDeclaration {
  readonly name: string;
  readonly Class: new (...args: unknown[]) => object;
  readonly provides: readonly ServiceToken<unknown>[];
  readonly immediate: boolean;
  readonly scope: 'singleton' | 'bundle' | 'prototype';
  readonly enabled: boolean;
  readonly keepInstance: boolean;
  readonly factory: string | undefined;
  readonly pids: readonly string[];
  readonly policy: 'optional' | 'require' | 'ignore';
  readonly properties: Readonly<Record<string, unknown>>;
  readonly parameters: readonly ParameterSource[];
  /** Keys of the configuration that matter; undefined: all (rule G19). */
  readonly watch: readonly string[] | undefined;
  /** In the order of declaration: parameters, then properties. */
  readonly references: readonly ReferenceDeclaration[];
  readonly activate: string | symbol | undefined;
  readonly modified: string | symbol | undefined;
  readonly deactivate: string | symbol | undefined;
}

/** A class and what its `@Component` asks for that cannot be (rule C7). */
export interface InvalidComponent {
  readonly name: string;
  readonly faults: readonly string[];
}

type ComponentClass = (new (...args: unknown[]) => object) & { readonly name: string };

/** Reads the decorators of all component classes among `exports`; a faulty one does not harm the others. */
export function declarationsOf(exports: Iterable<unknown>): {
  valid: ComponentDeclaration[];
  invalid: InvalidComponent[];
} {
  const valid: ComponentDeclaration[] = [];
  const invalid: InvalidComponent[] = [];
  const names = new Set<string>();
  for (const Class of new Set(exports)) {
    const metadata = componentMetadata(Class);
    if (!metadata) continue;
    const declaration = declare(Class as ComponentClass, metadata);
    const faults = faultsOf(declaration, metadata);
    if (names.has(declaration.name)) faults.push(`another component of the bundle is named ${declaration.name}`);
    names.add(declaration.name);
    if (faults.length === 0) valid.push(declaration);
    else invalid.push({ name: declaration.name, faults });
  }
  return { valid, invalid };
}

function declare(Class: ComponentClass, metadata: ComponentMetadata): ComponentDeclaration {
  const options: ComponentOptions = metadata.options ?? {};
  const name = options.name ?? Class.name;
  const provides = options.provides ?? [];
  return {
    name,
    Class,
    provides,
    immediate: options.immediate ?? (provides.length === 0 && options.factory === undefined),
    scope: options.scope ?? 'singleton',
    enabled: options.enabled ?? true,
    keepInstance: options.keepInstance ?? false,
    factory: options.factory,
    pids: (options.configurationPid ?? ['$']).map((pid) => (pid === '$' ? name : pid)),
    policy: options.configurationPolicy ?? 'optional',
    properties: options.properties ?? {},
    parameters: metadata.parameters.filter((source) => source !== undefined),
    watch: metadata.parameters.flatMap((source) =>
      source?.kind === 'config' && source.watch ? [source.watch] : [],
    )[0],
    references: referencesOf(metadata),
    activate: metadata.activate,
    modified: metadata.modified,
    deactivate: metadata.deactivate,
  };
}

function referencesOf(metadata: ComponentMetadata): ReferenceDeclaration[] {
  const names = new Set<string>();
  const unique = (wanted: string): string => {
    let name = wanted;
    for (let count = 2; names.has(name); count++) name = `${wanted}-${count}`;
    names.add(name);
    return name;
  };
  const declareReference = (
    token: ServiceToken<unknown>,
    options: ReferenceOptions,
    place: ReferencePlace,
  ): ReferenceDeclaration => {
    const cardinality = options.cardinality ?? (options.optional ? '0..1' : '1..1');
    return {
      name: unique(options.name ?? token.id),
      token,
      cardinality,
      minimum: cardinality.startsWith('1') ? 1 : 0,
      many: cardinality.endsWith('n'),
      dynamic: options.policy === 'dynamic',
      greedy: options.policyOption === 'greedy',
      target: options.target,
      scope: options.scope ?? 'bundle',
      guarded: options.guarded ?? token.remotable ?? false,
      place,
    };
  };
  return [
    ...metadata.parameters.flatMap((source, index) =>
      source?.kind === 'reference'
        ? [declareReference(source.token, source.options, { kind: 'parameter', index })]
        : [],
    ),
    ...metadata.properties.map(({ key, token, options }) =>
      declareReference(token, options, propertyPlace(key, options)),
    ),
  ];
}

function propertyPlace(key: string | symbol, { bind, unbind, updated, fieldOption }: ReferenceOptions): ReferencePlace {
  return {
    kind: 'property',
    key,
    ...(bind !== undefined && { bind }),
    ...(unbind !== undefined && { unbind }),
    ...(updated !== undefined && { updated }),
    mutate: fieldOption === 'update',
  };
}

const cardinalities: readonly string[] = ['0..1', '1..1', '0..n', '1..n'];

function faultsOf(declaration: ComponentDeclaration, metadata: ComponentMetadata): string[] {
  const { Class, references, scope, factory } = declaration;
  const faults: string[] = [];
  if (factory !== undefined && scope !== 'singleton') faults.push('a factory component cannot have a scope');
  for (let index = 0; index < Class.length; index++) {
    if (!metadata.parameters[index])
      faults.push(`constructor parameter ${index} has no @Reference, @Inject or @Config`);
  }
  for (const { name, cardinality, dynamic, place } of references) {
    if (!cardinalities.includes(cardinality)) faults.push(`reference ${name}: unknown cardinality ${cardinality}`);
    if (place.kind === 'parameter') {
      if (dynamic) faults.push(`reference ${name}: a constructor parameter cannot be dynamic`);
      continue;
    }
    for (const role of ['bind', 'unbind', 'updated'] as const) {
      const method = place[role];
      if (method !== undefined && typeof (Class.prototype as Record<string, unknown>)[method] !== 'function')
        faults.push(`reference ${name}: ${role} names ${method}, which is no method`);
    }
  }
  return faults;
}
