import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { serviceToken } from '../framework/token';

/**
 * Routes of a bundle. Register it as a service and the host serves it; unregister it and it is gone for new
 * requests before the UNREGISTERING listeners return, while requests in flight finish first (rules H1 to H7).
 *
 * Service properties: `http.path` (context path, default `/`), `service.ranking`.
 *
 * @public
 */
export interface HttpRoutes {
  /** A `@koa/router` router, or a plain koa middleware that answers everything below `http.path`. */
  readonly routes: Router | Middleware;
  /**
   * Called when the bundle begins to stop, for requests that wait for minutes: finish them early in the
   * protocol's own terms, so that devices ask again at once (rule H8).
   */
  onDrain?(): void;
}

/** @public */
export const HttpRoutes = serviceToken<HttpRoutes>('host.HttpRoutes');

/**
 * What the host puts into `ctx.state` of every request.
 *
 * @public
 */
export interface HttpState {
  /** Aborted when the client goes away, or the drain time of a stopping bundle is over (rule H7). */
  readonly signal: AbortSignal;
  /** Unique; in every log line of the request. */
  readonly requestId: string;
}
