import type { Explanation, NearestCapability, Requirement } from '@oxtender/bundle-api';
import { nearestNames } from '../text/nearest-names';
import type { Resolver, ResolverState } from './resolver';
import type { Resource, ResourceCapability, ResourceRequirement } from './resource';

/** How many nearly fitting capabilities a person wants to read. */
const nearestShown = 3;

/** Why a resource does not resolve: a tree, and its first reason in one sentence (rule R12). */
export function explain(resolver: Resolver, state: ResolverState, resource: Resource): Explanation {
  return new Explainer(resolver, state).explain(resource, new Set());
}

/** The tree as indented lines, for `diag` and error messages. */
export function formatExplanation(explanation: Explanation, indent = ''): string {
  const lines = [`${indent}${explanation.text}`];
  for (const { requirement, nearest } of explanation.missing) {
    lines.push(`${indent}  needs ${showRequirement(requirement)}`);
    for (const each of nearest) {
      lines.push(`${indent}    ${each.provider.symbolicName} ${each.provider.version}: ${each.text}`);
      if (each.explanation) lines.push(formatExplanation(each.explanation, `${indent}      `));
    }
  }
  return lines.join('\n');
}

export function showRequirement({ ns, name, filter, range }: Requirement): string {
  return [ns, name, filter, range].filter((part) => part !== undefined).join(' ');
}

class Explainer {
  constructor(
    private readonly resolver: Resolver,
    private readonly state: ResolverState,
  ) {}

  explain(resource: Resource, above: ReadonlySet<Resource>): Explanation {
    const { bundle } = resource;
    const disabled = this.state.isDisabled(resource);
    const viable = this.resolver.viable([resource]);
    const resolvable = this.state.isResolved(resource) || viable.has(resource);
    const rival = resolvable ? undefined : this.resolver.singletonRival(resource);
    const path = new Set([...above, resource]);
    const missing = resolvable
      ? []
      : resource.requirements
          .filter((requirement) => !requirement.optional && !this.#isMet(requirement, viable))
          .map((requirement) => ({ requirement: requirement.declared, nearest: this.#nearest(requirement, path) }));
    const text = reason(resource, { resolvable, disabled, rival, missing });
    return { bundle, resolvable, text, disabled, ...(rival && { singletonConflict: rival.bundle }), missing };
  }

  #isMet(requirement: ResourceRequirement, viable: ReadonlySet<Resource>): boolean {
    for (const capability of this.resolver.capabilitiesIn(requirement.declared.ns)) {
      if (viable.has(capability.provider) && !this.resolver.mismatch(requirement, capability)) return true;
    }
    return false;
  }

  #nearest(requirement: ResourceRequirement, path: ReadonlySet<Resource>): NearestCapability[] {
    const all = [...this.resolver.capabilitiesIn(requirement.declared.ns)]
      .filter(({ provider }) => !path.has(provider))
      .map((capability) => this.#judge(requirement, capability, path))
      .filter((found) => isNear(requirement, found));
    return all.sort((a, b) => distance(a) - distance(b)).slice(0, nearestShown);
  }

  #judge(
    requirement: ResourceRequirement,
    capability: ResourceCapability,
    path: ReadonlySet<Resource>,
  ): NearestCapability {
    const { provider } = capability;
    const shared = { capability: capability.declared, provider: provider.bundle };
    const fault = this.resolver.mismatch(requirement, capability);
    if (fault) return { ...shared, ...fault };
    const explanation = this.explain(provider, path);
    if (explanation.disabled) return { ...shared, reason: 'disabled', text: 'is disabled' };
    const conflict = explanation.singletonConflict !== undefined;
    return {
      ...shared,
      reason: conflict ? 'singleton-conflict' : 'provider-unresolved',
      text: conflict ? explanation.text : 'matches, but does not resolve itself',
      explanation,
    };
  }
}

/** Of those that a requirement shuts out by their name, the ones that may be meant. */
function isNear({ declared: { name } }: ResourceRequirement, { reason, capability }: NearestCapability): boolean {
  if (reason !== 'attribute' || name === undefined) return true;
  return nearestNames(name, [String(capability.attrs['name'])]).length > 0;
}

/** A provider that would match comes before one of another version, that before one of another name. */
function distance({ reason }: NearestCapability): number {
  if (reason === 'attribute') return 2;
  return reason === 'range' ? 1 : 0;
}

function reason(
  { name, version }: Resource,
  found: Pick<Explanation, 'resolvable' | 'disabled' | 'missing'> & { rival: Resource | undefined },
): string {
  const self = `${name} ${version}`;
  if (found.resolvable) return `${self} is resolvable`;
  if (found.disabled) return `${self} is disabled`;
  if (found.rival) return `${self} is a singleton, and version ${found.rival.version} takes its place`;
  const [first] = found.missing;
  if (!first) return `${self} does not resolve: its providers need one another in versions that exclude each other`;
  const [nearest] = first.nearest;
  const hint = nearest
    ? `; nearest is ${nearest.provider.symbolicName} ${nearest.provider.version}: ${nearest.text}`
    : '';
  return `${self} needs ${showRequirement(first.requirement)}, which no bundle provides${hint}`;
}
