import type { Wire } from '@oxtender/bundle-api';
import { mismatch } from './match';
import type { Resource, ResourceCapability, ResourceRequirement } from './resource';
import { compareVersions } from './version-range';

/** What the resolver asks about resources; the framework answers. */
export interface ResolverState {
  isResolved(resource: Resource): boolean;
  isDisabled(resource: Resource): boolean;
}

export interface Resolution {
  /** Wires of each resource that becomes resolved, in the order of dependency as far as there is one. */
  readonly wires: ReadonlyMap<Resource, readonly Wire[]>;
  /** Those asked for that cannot be resolved. */
  readonly unresolvable: readonly Resource[];
}

/** A capability that may serve a requirement, of a provider that can itself be resolved. */
type Candidates = (requirement: ResourceRequirement) => ResourceCapability[];

/**
 * Finds out which bundles can be resolved together (reference section 5). There are no `uses` constraints, so bundles
 * only ever compete as versions of a singleton: the greatest set of bundles whose requirements are met inside the set
 * is found by taking away those whose are not, until none is left to take.
 */
export class Resolver {
  readonly #state: ResolverState;
  readonly #includePrerelease: boolean;
  readonly #byNamespace = new Map<string, Set<ResourceCapability>>();
  readonly #byName = new Map<string, Set<Resource>>();

  constructor(state: ResolverState, options: { includePrerelease?: boolean } = {}) {
    this.#state = state;
    this.#includePrerelease = options.includePrerelease ?? false;
  }

  add(resource: Resource): void {
    for (const capability of resource.capabilities) entry(this.#byNamespace, capability.declared.ns).add(capability);
    entry(this.#byName, resource.name).add(resource);
  }

  remove(resource: Resource): void {
    for (const capability of resource.capabilities) this.#byNamespace.get(capability.declared.ns)?.delete(capability);
    this.#byName.get(resource.name)?.delete(resource);
  }

  /** A resolver that sees one resource more: for rehearsals. */
  with(next: Resource): Resolver {
    return this.replacing(undefined, next, this.#state);
  }

  /** A resolver that sees one resource in the place of another: for rehearsals. */
  replacing(old: Resource | undefined, next: Resource, state: ResolverState): Resolver {
    const rehearsal = new Resolver(state, { includePrerelease: this.#includePrerelease });
    for (const resources of this.#byName.values()) {
      for (const resource of resources) if (resource !== old) rehearsal.add(resource);
    }
    rehearsal.add(next);
    return rehearsal;
  }

  /** Changes nothing: the caller commits the wires, all or none (rule R11). */
  resolve(roots: readonly Resource[]): Resolution {
    const viable = this.viable(roots);
    const wires = new Map<Resource, readonly Wire[]>();
    for (const root of roots) if (viable.has(root)) this.#wire(root, viable, wires);
    return { wires, unresolvable: roots.filter((root) => !viable.has(root) && !this.#state.isResolved(root)) };
  }

  /** All that could be resolved among the resources and whatever they could be wired to. */
  viable(roots: readonly Resource[]): Set<Resource> {
    let set = this.#reachable(roots);
    for (const resource of set) if (this.#isBarred(resource)) set.delete(resource);
    set = this.#fixpoint(set);
    for (const rivals of singletonRivals(set)) set = this.#choose(rivals, set);
    return set;
  }

  /** All versions of a name. */
  named(name: string): Iterable<Resource> {
    return this.#byName.get(name) ?? [];
  }

  /** Capabilities in the requirement's namespace, matching or not. */
  capabilitiesIn(namespace: string): Iterable<ResourceCapability> {
    return this.#byNamespace.get(namespace) ?? [];
  }

  mismatch(requirement: ResourceRequirement, capability: ResourceCapability): ReturnType<typeof mismatch> {
    return mismatch(requirement, capability, this.#includePrerelease);
  }

  /** The version of the same name that keeps a singleton from being resolved (rule R9). */
  singletonRival(resource: Resource): Resource | undefined {
    const rivals = this.#rivals(resource);
    const resolved = rivals.find((other) => this.#state.isResolved(other));
    if (resolved) return resolved;
    const viable = this.viable([resource]);
    return viable.has(resource) ? undefined : rivals.find((other) => viable.has(other));
  }

  #isBarred(resource: Resource): boolean {
    if (this.#state.isResolved(resource)) return false;
    if (this.#state.isDisabled(resource)) return true;
    return resource.singleton && this.#rivals(resource).some((rival) => this.#state.isResolved(rival));
  }

  #rivals(resource: Resource): Resource[] {
    if (!resource.singleton) return [];
    return [...this.named(resource.name)].filter((other) => other !== resource && other.singleton);
  }

  #reachable(roots: readonly Resource[]): Set<Resource> {
    const seen = new Set<Resource>(roots);
    for (const resource of seen) {
      for (const rival of this.#rivals(resource)) seen.add(rival);
      if (this.#state.isResolved(resource)) continue;
      for (const requirement of resource.requirements) {
        for (const { provider } of this.#matches(requirement)) seen.add(provider);
      }
    }
    return seen;
  }

  #fixpoint(set: Set<Resource>): Set<Resource> {
    const left = new Set(set);
    const candidates = this.#candidatesIn(left);
    for (let changed = true; changed;) {
      changed = false;
      for (const resource of left) {
        if (this.#state.isResolved(resource)) continue;
        if (resource.requirements.some((each) => !each.optional && candidates(each).length === 0)) {
          left.delete(resource);
          changed = true;
        }
      }
    }
    return left;
  }

  /** The resolved one stays, else the highest that still stands when the others are out. */
  #choose(rivals: readonly Resource[], set: Set<Resource>): Set<Resource> {
    const ranked = [...rivals].sort((a, b) => this.#preference(a, b));
    for (const winner of ranked) {
      const without = new Set([...set].filter((resource) => resource === winner || !rivals.includes(resource)));
      const left = this.#fixpoint(without);
      if (left.has(winner)) return left;
    }
    return this.#fixpoint(new Set([...set].filter((resource) => !rivals.includes(resource))));
  }

  #wire(resource: Resource, viable: ReadonlySet<Resource>, wires: Map<Resource, readonly Wire[]>): void {
    if (wires.has(resource) || this.#state.isResolved(resource)) return;
    const own: Wire[] = [];
    wires.set(resource, own);
    const candidates = this.#candidatesIn(viable);
    for (const requirement of resource.requirements) {
      const ranked = candidates(requirement).sort((a, b) =>
        this.#preference(a.provider, b.provider, compareVersions(versionOf(b), versionOf(a))),
      );
      for (const capability of requirement.multiple ? ranked : ranked.slice(0, 1)) {
        own.push(wireOf(resource, requirement, capability));
        this.#wire(capability.provider, viable, wires);
      }
    }
  }

  #candidatesIn(set: ReadonlySet<Resource>): Candidates {
    return (requirement) => this.#matches(requirement).filter(({ provider }) => set.has(provider));
  }

  #matches(requirement: ResourceRequirement): ResourceCapability[] {
    const found: ResourceCapability[] = [];
    for (const capability of this.capabilitiesIn(requirement.declared.ns)) {
      if (!this.mismatch(requirement, capability)) found.push(capability);
    }
    return found;
  }

  /** Resolved first, then the higher version, of what is offered before that of the bundle, then the lower id (rule R5). */
  #preference(a: Resource, b: Resource, offered = 0): number {
    return (
      Number(this.#state.isResolved(b)) - Number(this.#state.isResolved(a)) ||
      offered ||
      compareVersions(b.version, a.version) ||
      a.bundle.id - b.bundle.id
    );
  }
}

/** Of the capability; that of its bundle when it has none. */
function versionOf({ attributes, provider }: ResourceCapability): string {
  const version = attributes.get('version');
  return typeof version === 'string' ? version : provider.version;
}

function singletonRivals(set: ReadonlySet<Resource>): Resource[][] {
  const byName = new Map<string, Resource[]>();
  for (const resource of set) {
    if (resource.singleton) byName.set(resource.name, [...(byName.get(resource.name) ?? []), resource]);
  }
  return [...byName.values()].filter((rivals) => rivals.length > 1);
}

function wireOf(
  requirer: Resource,
  requirement: ResourceRequirement,
  { declared, provider }: ResourceCapability,
): Wire {
  return Object.freeze({
    requirement: requirement.declared,
    requirer: requirer.bundle,
    capability: declared,
    provider: provider.bundle,
    providerGeneration: provider.generation,
  });
}

function entry<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  let set = map.get(key);
  if (!set) map.set(key, (set = new Set()));
  return set;
}
