import { createFilter } from '@oxtender/bundle-api';
import type { Bundle, BundlePackage, Capability, Filter, Requirement } from '@oxtender/bundle-api';
import { sharedPackageVersion, sharedPackages } from '../framework/modules/shared-packages';
import { VersionRange } from './version-range';

/** One generation of a bundle as the resolver sees it. OSGi calls it a revision, or resource. */
export interface Resource {
  readonly bundle: Bundle;
  readonly generation: number;
  readonly name: string;
  readonly version: string;
  /** At most one version of the name may be resolved (rule R9). */
  readonly singleton: boolean;
  readonly capabilities: readonly ResourceCapability[];
  readonly requirements: readonly ResourceRequirement[];
}

export interface ResourceCapability {
  readonly declared: Capability;
  readonly provider: Resource;
  /** Attributes by lower-case name, for filters. */
  readonly attributes: ReadonlyMap<string, unknown>;
}

/** A requirement, parsed once. */
export interface ResourceRequirement {
  readonly declared: Requirement;
  readonly filter: Filter | undefined;
  readonly range: VersionRange | undefined;
  readonly optional: boolean;
  readonly multiple: boolean;
}

export interface ResourceSource {
  readonly bundle: Bundle;
  readonly generation: number;
  readonly symbolicName: string;
  readonly package: BundlePackage;
}

/** Declared capabilities and requirements, and those that every bundle has (rule R1). */
export function bundleResource(source: ResourceSource): Resource {
  const { manifest, version } = { manifest: source.package.bundle, version: source.package.version };
  const implicit: Capability[] = [
    { ns: 'identity', attrs: { name: source.symbolicName, version, type: 'oxtender.bundle' } },
    { ns: 'bundle', attrs: { name: source.symbolicName, version } },
  ];
  return resource(source, {
    singleton: manifest.singleton ?? false,
    capabilities: [...implicit, ...(manifest.provide ?? [])],
    requirements: [...platformRequirements(source.package), ...(manifest.require ?? [])],
  });
}

/** What the host itself provides: its version, Node's, and the packages that it shares. */
export function hostResource(source: ResourceSource): Resource {
  const api = '@oxtender/bundle-api';
  const shared = sharedPackages.flatMap((name): Capability[] => {
    const version = sharedPackageVersion(name);
    if (version === undefined) return [];
    return [{ ns: name === api ? 'bundle-api' : 'package', attrs: { name, version } }];
  });
  return resource(source, {
    singleton: true,
    capabilities: [
      { ns: 'identity', attrs: { name: source.symbolicName, version: source.package.version, type: 'oxtender.host' } },
      { ns: 'bundle', attrs: { name: source.symbolicName, version: source.package.version } },
      { ns: 'host', attrs: { name: 'host', version: source.package.version } },
      { ns: 'node', attrs: { name: 'node', version: process.versions.node } },
      ...shared,
    ],
    requirements: [],
  });
}

/** @throws InvalidSyntaxError, RangeError: both were checked with the manifest */
export function parseRequirement(declared: Requirement): ResourceRequirement {
  return {
    declared,
    filter: declared.filter === undefined ? undefined : createFilter(declared.filter),
    range: declared.range === undefined ? undefined : new VersionRange(declared.range),
    optional: declared.optional ?? false,
    multiple: declared.cardinality === 'multiple',
  };
}

function resource(
  { bundle, generation, symbolicName, package: { version } }: ResourceSource,
  declared: { singleton: boolean; capabilities: readonly Capability[]; requirements: readonly Requirement[] },
): Resource {
  const capabilities: ResourceCapability[] = [];
  const made: Resource = {
    bundle,
    generation,
    name: symbolicName,
    version,
    singleton: declared.singleton,
    capabilities,
    requirements: declared.requirements.filter(({ effective }) => effective !== 'active').map(parseRequirement),
  };
  for (const each of declared.capabilities) capabilities.push(new DeclaredCapability(each, made));
  return made;
}

/** Most are never asked for their attributes. */
class DeclaredCapability implements ResourceCapability {
  #attributes: ReadonlyMap<string, unknown> | undefined;

  constructor(
    readonly declared: Capability,
    readonly provider: Resource,
  ) {}

  get attributes(): ReadonlyMap<string, unknown> {
    return (this.#attributes ??= new Map(
      Object.entries(this.declared.attrs).map(([key, value]) => [key.toLowerCase(), value]),
    ));
  }
}

/** `engines.node` and the peer dependencies that the host answers (rule N3). */
function platformRequirements({ engines, peerDependencies }: BundlePackage): Requirement[] {
  const found: Requirement[] = [];
  if (engines?.['node'] !== undefined) found.push({ ns: 'node', range: engines['node'] });
  for (const [name, range] of Object.entries(peerDependencies ?? {})) {
    if (!sharedPackages.includes(name) || /^[a-z]+:/.test(range)) continue;
    if (name === '@oxtender/bundle-api') found.push({ ns: 'bundle-api', name, range });
    else if (sharedPackageVersion(name) !== undefined) found.push({ ns: 'package', name, range });
  }
  return found;
}
