import type { InitializeHook, ResolveHook } from 'node:module';
import type { EsmHookData } from './esm-loader';

let known: EsmHookData = { sharedPackages: [], host: '' };

export const initialize: InitializeHook<EsmHookData> = (data) => {
  known = data;
};

/** Inside a bundle's root, what a generation imports is of the same generation; shared packages are the host's. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const parent = URL.canParse(context.parentURL ?? '') ? new URL(context.parentURL ?? '') : undefined;
  const root = parent?.searchParams.get('root');
  if (!parent || root === null || root === undefined) return nextResolve(specifier, context);
  const shared = known.sharedPackages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (shared) return nextResolve(specifier, { ...context, parentURL: known.host });
  const resolved = await nextResolve(specifier, context);
  const inside = resolved.url.startsWith(`${root}/`) && !resolved.url.includes('?');
  return inside ? { ...resolved, url: resolved.url + parent.search } : resolved;
};
