import type { BundleActivator, BundleContext } from '../../framework/bundle';
import type { BundleManifest, InlineBundle } from '../../framework/manifest';

/** An inline bundle in short. @public */
export interface InlineBundleOptions {
  readonly version?: string;
  readonly manifest?: BundleManifest;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** Of its activator. */
  readonly start?: BundleActivator['start'];
  /** Of its activator. */
  readonly stop?: (context: BundleContext) => void | Promise<void>;
  /** Modules with components, by path; named in the manifest by themselves. */
  readonly components?: Readonly<Record<string, unknown>>;
}

/**
 * A bundle for tests: `framework.context.installBundle('test:a', inlineBundle('a', { start: … }))`.
 *
 * @public
 */
export function inlineBundle(name: string, options: InlineBundleOptions = {}): InlineBundle {
  const { version = '1.0.0', manifest = {}, start, stop, components, peerDependencies } = options;
  const activator = start || stop ? { start: start ?? (() => undefined), ...(stop && { stop }) } : undefined;
  const modules = Object.fromEntries(Object.entries(components ?? {}).map(([path, exports]) => [path, () => exports]));
  return {
    package: {
      name,
      version,
      ...(peerDependencies && { peerDependencies }),
      bundle: {
        ...manifest,
        ...(activator && { activator: './activator' }),
        ...(components && { components: Object.keys(components) }),
      },
    },
    modules: { ...modules, ...(activator && { './activator': () => ({ default: activator }) }) },
  };
}
