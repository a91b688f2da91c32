import type { Publication } from './publication';
import { isRouter } from './publication';

/** One row of `oxtender http` (rule H4), the longest column last. */
export interface RouteReport {
  readonly path: string;
  readonly bundle: string;
  readonly state: 'serving' | 'shadowed' | 'pending' | 'failed' | 'draining';
  readonly inFlight: number;
  /** Method and path of each route of a router; `*` for a middleware. */
  readonly routes: readonly string[];
  readonly reason: string | undefined;
}

/** @param publications - the best first */
export function reportRoutes(
  publications: readonly Publication[],
  isDraining: (publication: Publication) => boolean,
): RouteReport[] {
  const taken = new Map<string, string>();
  return publications.flatMap((publication): RouteReport[] => {
    const { bundle, traffic, failure, routes, live } = publication;
    const common = { bundle: bundle.symbolicName, inFlight: traffic.inFlight };
    if (failure !== undefined) return [{ path: '', state: 'failed', ...common, reason: failure, routes: [] }];
    const patterns = patternsOf(publication);
    return routes.map(({ path, host = '' }) => {
      const shadowed = patterns.filter(
        (pattern) => taken.has(`${host}${path} ${pattern}`) || taken.has(`${host}${path} *`),
      );
      const by = shadowed.map((pattern) => taken.get(`${host}${path} ${pattern}`) ?? taken.get(`${host}${path} *`));
      for (const pattern of patterns)
        if (!shadowed.includes(pattern)) taken.set(`${host}${path} ${pattern}`, bundle.symbolicName);
      const state = isDraining(publication)
        ? 'draining'
        : live.pending
          ? 'pending'
          : shadowed.length > 0
            ? 'shadowed'
            : 'serving';
      const reason =
        shadowed.length > 0 ? `${shadowed.join(', ')} served by ${[...new Set(by)].join(', ')}` : undefined;
      return { path: path === '' ? '/' : path, state, ...common, reason, routes: patterns };
    });
  });
}

function patternsOf({ live: { service } }: Publication): string[] {
  if (!service || 'folder' in service || !isRouter(service.routes)) return ['*'];
  return service.routes.stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
}
