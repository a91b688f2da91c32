/** What a bundle offers to the resolver (rule R1). @public */
export interface Capability {
  /** Namespace: `bundle`, `identity`, `host`, `node`, `bundle-api`, `package`, or one of the author's own. */
  readonly ns: string;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** What a bundle needs of the resolver (rules R1, R4, R7). @public */
export interface Requirement {
  readonly ns: string;
  /** Short for the filter `(name=…)`. */
  readonly name?: string;
  /** LDAP filter over the capability's attributes. */
  readonly filter?: string;
  /** Range of the attribute `version`: npm syntax, or an OSGi interval in brackets. */
  readonly range?: string;
  readonly optional?: boolean;
  /** `multiple`: a wire to every match; default one. */
  readonly cardinality?: 'single' | 'multiple';
  /** `active`: left to the management agent (rule R10). */
  readonly effective?: 'resolve' | 'active';
}

/** What a bundle may touch where the host is the gate; left out: everything (rule X4). @public */
export interface BundlePermissions {
  readonly services?: {
    /** Token ids, `*` allowed. */
    readonly register?: readonly string[];
    readonly consume?: readonly string[];
  };
  readonly http?: { readonly paths?: readonly string[] };
  readonly config?: { readonly pids?: readonly string[] };
  /** Displayed to the operator, not enforced: bundles are trusted code (rule X1). */
  readonly fs?: readonly string[];
  readonly net?: readonly string[];
  readonly env?: readonly string[];
  readonly db?: readonly string[];
}

/**
 * The key `bundle` of a bundle's package.json (15.1). Its JSON Schema is published as
 * `@oxtender/bundle-api/manifest.schema.json`.
 *
 * @public
 */
export interface BundleManifest {
  /** Default: the package's name. */
  readonly symbolicName?: string;
  /** Module whose default export is the activator: a class or an object. */
  readonly activator?: string;
  /** Modules whose exported `@Component` classes are components. */
  readonly components?: readonly string[];
  readonly activation?: 'eager' | 'lazy';
  readonly startLevel?: number;
  readonly singleton?: boolean;
  /** Contains native addons: an update needs a restart of the host (rule N4). */
  readonly native?: boolean;
  readonly require?: readonly Requirement[];
  readonly provide?: readonly Capability[];
  /** Token ids; documentation, and what `explain` and the testkit compare with what they see. */
  readonly services?: { readonly provides?: readonly string[]; readonly consumes?: readonly string[] };
  /** JSON Schema by PID (rule G16). */
  readonly configuration?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly http?: { readonly reserves?: readonly string[] };
  readonly permissions?: BundlePermissions;
  readonly updateLocation?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** The parts of package.json that the host reads. @public */
export interface BundlePackage {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly type?: 'commonjs' | 'module';
  readonly engines?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundle: BundleManifest;
}

/**
 * A bundle without files: for embedding programs and tests. Lives as long as the framework object, and is not
 * written to its store.
 *
 * @public
 */
export interface InlineBundle {
  readonly package: BundlePackage;
  /** By the path that the manifest names; called once for each load, and returns the module's exports. */
  readonly modules?: Readonly<Record<string, () => unknown>>;
}

/** Where a bundle's content comes from: a folder or `.tgz` file by path, or an inline bundle. @public */
export type BundleContent = string | InlineBundle;
