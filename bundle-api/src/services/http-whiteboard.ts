import type Router from '@koa/router';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Middleware, ParameterizedContext } from 'koa';
import { serviceToken } from '../framework/token';

/**
 * Routes of a bundle. Register it as a service and the host serves it; unregister it and it is gone for new
 * requests before the UNREGISTERING listeners return, while requests in flight finish first (rules H1 to H7).
 *
 * Service properties:
 * - `http.path`: context path, default `/`. Handlers see `ctx.path` without it, as under koa-mount: with
 *   `http.path=/ajax` a router answers `/login`, not `/ajax/login`
 * - `http.select`: LDAP filter over the properties of the {@link HttpContext} services to be served in
 * - `http.maxBody` (bytes), `http.timeout` (milliseconds): limits of these routes (rule H11)
 * - `service.ranking`: among equal method and path the higher serves, the other is shadowed (rule H4)
 *
 * @consumer @public
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

/** Its token: what it is registered and found by. @public */
export const HttpRoutes = serviceToken<HttpRoutes>('host.HttpRoutes');

/**
 * Middleware around the routes of its own bundle, or of those that `http.select` (a filter over the properties of
 * the routes' services) chooses. Higher ranking is further out (rule H5). Service property `http.path` narrows it.
 *
 * @consumer @public
 */
export interface HttpMiddleware {
  readonly middleware: Middleware;
}

/** Its token: what it is registered and found by. @public */
export const HttpMiddleware = serviceToken<HttpMiddleware>('host.HttpMiddleware');

/** Files of a folder, served below the service property `http.path` to GET and HEAD. @consumer @public */
export interface HttpResources {
  /** Absolute path of the folder. Nothing outside it is served, nor any file whose name begins with a dot. */
  readonly folder: string;
  /** Served for a folder. Default `index.html`. */
  readonly index?: string;
  /** Cache-Control `max-age` in seconds. Default 0. */
  readonly maxAge?: number;
}

/** Its token: what it is registered and found by. @public */
export const HttpResources = serviceToken<HttpResources>('host.HttpResources');

/** Takes over a connection that asks for an upgrade (WebSocket) below the service property `http.path`. @consumer @public */
export interface HttpUpgrade {
  /** `request.url` is without the context path. The handler owns the socket from here on. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Its token: what it is registered and found by. @public */
export const HttpUpgrade = serviceToken<HttpUpgrade>('host.HttpUpgrade');

/**
 * A named part of the server that routes are served in. Service properties: `http.context.name`,
 * `http.context.path` (default `/`), `http.context.host` (a Host header, default any), `http.maxBody`,
 * `http.timeout`. The host itself registers the context `default` at `/`. Longest path first, then ranking (rule H3).
 *
 * @consumer @public
 */
export interface HttpContext {
  /** Writes the answer to an error that a handler threw. Default: its `status` if below 500, else 500 without text. */
  handleError?(error: unknown, context: ParameterizedContext): void | Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const HttpContext = serviceToken<HttpContext>('host.HttpContext');

/**
 * What the host puts into `ctx.state` of every request.
 *
 * @public
 */
export interface HttpState {
  /** Aborted when the client goes away, the time limit is over, or the drain time of a stopping bundle (rule H7). */
  readonly signal: AbortSignal;
  /** Unique; in every log line of the request. */
  readonly requestId: string;
}
