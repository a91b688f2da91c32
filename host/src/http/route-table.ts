import type { ServiceReference } from '@oxtender/bundle-api';
import type { Middleware, ParameterizedContext } from 'koa';
import type { Traffic } from './traffic';

/** Limits of a route (rule H11); 0: none. */
export interface RouteLimits {
  /** Bytes. */
  readonly maxBody: number;
  /** Milliseconds. */
  readonly timeout: number;
}

/** One published routes service, ready to serve. */
export interface Route {
  /** Full path that it is served below: context path and `http.path`, `''` for the root. */
  readonly path: string;
  /** Host header that it answers to; undefined: any. */
  readonly host: string | undefined;
  /** Ranking of the HTTP context. */
  readonly contextRanking: number;
  readonly reference: ServiceReference;
  /** Symbolic name. */
  readonly bundle: string;
  readonly traffic: Traffic;
  readonly limits: RouteLimits;
  readonly handler: Middleware;
  /** While a delayed component is being activated. */
  readonly pending: Promise<void> | undefined;
  onError(error: unknown, context: ParameterizedContext): void | Promise<void>;
}

/** A path of a bundle that does not serve it now (rule H9). */
export interface Reservation {
  readonly path: string;
  readonly bundle: string;
  /** Resolves when the bundle is expected to serve again: it is being updated. */
  readonly hold: Promise<void> | undefined;
  /** 503 and Retry-After, or as if nobody had reserved it. */
  readonly unavailable: () => boolean;
}

/** What may answer a request, best first. */
export type Candidate = { readonly route: Route } | { readonly reservation: Reservation };

/**
 * Who answers which path: immutable, so that a request keeps the table that it began with (rule H2). The longest path
 * comes first, then the context's ranking, then the order of the registry (rules H3, H4).
 */
export class RouteTable {
  readonly #chains = new Map<string, readonly Candidate[]>();

  constructor(routes: readonly Route[], reservations: readonly Reservation[]) {
    const own = new Map<string, Candidate[]>();
    for (const route of routes.toSorted(byPrecedence)) append(own, route.path, { route });
    for (const reservation of reservations) append(own, reservation.path, { reservation });
    const paths = [...own.keys()].sort((a, b) => a.length - b.length);
    for (const path of paths) this.#chains.set(path, [...(own.get(path) ?? []), ...this.#chainOf(parentOf(path))]);
  }

  candidates(path: string): readonly Candidate[] {
    return this.#chainOf(path);
  }

  /** True for a path whose bundle does not serve it now (rule H9). */
  isReserved(path: string): boolean {
    const [first] = this.candidates(path);
    return first !== undefined && 'reservation' in first && first.reservation.unavailable();
  }

  #chainOf(path: string | undefined): readonly Candidate[] {
    for (let prefix = path; prefix !== undefined; prefix = parentOf(prefix)) {
      const chain = this.#chains.get(prefix);
      if (chain) return chain;
    }
    return [];
  }
}

function byPrecedence(a: Route, b: Route): number {
  return b.contextRanking - a.contextRanking || b.reference.compareTo(a.reference);
}

function append(map: Map<string, Candidate[]>, path: string, candidate: Candidate): void {
  const list = map.get(path);
  if (list) list.push(candidate);
  else map.set(path, [candidate]);
}

/** `/a/b` → `/a` → `''` → undefined. */
function parentOf(path: string): string | undefined {
  return path === '' ? undefined : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
