import Module, { createRequire } from 'node:module';
import { sep } from 'node:path';

/** Packages of which there must be one copy in the process, the host's (rule N3). */
export const sharedPackages: readonly string[] = [
  '@oxtender/bundle-api',
  'koa',
  '@koa/router',
  'tsyringe',
  'reflect-metadata',
  'typeorm',
];

type Resolve = (request: string, parent: { filename?: string } | undefined, ...rest: unknown[]) => string;

/** Folders of bundles whose requests for shared packages the host answers. */
const roots = new Set<string>();
const hostRequire = createRequire(__filename);
let installed = false;

/** From now on, modules below the folder get the host's copies of the shared packages. */
export function shareHostPackages(root: string): void {
  roots.add(root);
  if (!installed) install();
}

/** Version of the host's copy of a shared package; undefined when the host has none. */
export function sharedPackageVersion(name: string): string | undefined {
  try {
    return versionOf(name);
  } catch {
    return undefined; // not installed with the host: bundles bring their own
  }
}

function versionOf(name: string): string | undefined {
  const paths = hostRequire.resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      return (hostRequire(`${path}/${name}/package.json`) as { version: string }).version;
    } catch {
      continue; // not in this folder: the next one up
    }
  }
  return undefined;
}

function install(): void {
  installed = true;
  const module = Module as unknown as { _resolveFilename: Resolve };
  const resolve = module._resolveFilename;
  module._resolveFilename = function resolveFilename(this: unknown, request, parent, ...rest) {
    const asked = isShared(request) && parent?.filename !== undefined && isInBundle(parent.filename);
    if (asked) {
      try {
        return hostRequire.resolve(request);
      } catch {
        // the host has no copy: the bundle's own will do
      }
    }
    return resolve.call(this, request, parent, ...rest);
  };
}

const isShared = (request: string): boolean =>
  sharedPackages.some((name) => request === name || request.startsWith(`${name}/`));

/** Of a bundle, or of a package that it brought along. */
function isInBundle(filename: string): boolean {
  for (const root of roots) if (filename.startsWith(root + sep)) return true;
  return false;
}
