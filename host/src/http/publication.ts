import type Router from '@koa/router';
import { send } from '@koa/send';
import type { Bundle, HttpContext, HttpMiddleware, HttpResources, HttpRoutes, Logger } from '@oxtender/bundle-api';
import { createFilter } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import compose from 'koa-compose';
import type { LiveService } from '../tracking/live-services';
import { answerError } from './error-answer';
import type { Route, RouteLimits } from './route-table';
import { Traffic } from './traffic';

/** A service that is, or fails to be, served over HTTP. */
export class Publication {
  readonly traffic = new Traffic();
  readonly bundle: Bundle;
  /** Why it is not served; for `oxtender http` (rule H4). */
  failure: string | undefined;
  routes: readonly Route[] = [];

  constructor(
    readonly live: LiveService<HttpRoutes> | LiveService<HttpResources>,
    bundle: Bundle,
  ) {
    this.bundle = bundle;
  }
}

/** What a publication is made into routes with. */
export interface Surroundings {
  readonly contexts: readonly LiveService<HttpContext>[];
  readonly middlewares: readonly LiveService<HttpMiddleware>[];
  readonly log: (bundle: Bundle) => Logger;
}

/** Makes the routes of a publication anew: one for each path in each context that it selects. */
export function publish(publication: Publication, surroundings: Surroundings): void {
  publication.routes = [];
  publication.failure = publication.live.failure;
  if (publication.failure !== undefined) return;
  try {
    publication.routes = routesOf(publication, surroundings);
  } catch (error) {
    publication.failure = error instanceof Error ? error.message : String(error);
  }
}

function routesOf(publication: Publication, { contexts, middlewares, log }: Surroundings): Route[] {
  const { live, bundle, traffic } = publication;
  const select = createFilter(stringProperty(live, 'http.select') ?? '(http.context.name=default)');
  const chosen = contexts.filter((context) => select.match(context.reference));
  if (chosen.length === 0) throw new TypeError(`no HTTP context matches ${select.toString()}`);
  const paths = pathsOf(live);
  checkPermission(bundle, paths);
  const handler = live.service === undefined ? notYet : handlerOf(live.service);
  return chosen.flatMap((context) =>
    paths.map((own): Route => {
      const path = joinPaths(stringProperty(context, 'http.context.path') ?? '/', own);
      const around = middlewares.filter((each) => applies(each, publication, path)).map(middlewareOf);
      return {
        path,
        host: stringProperty(context, 'http.context.host'),
        contextRanking: numberProperty(context, 'service.ranking') ?? 0,
        reference: live.reference,
        bundle: bundle.symbolicName,
        traffic,
        limits: limitsOf(live, context),
        handler: around.length === 0 ? handler : compose([...around, handler]),
        pending: live.pending,
        onError: (error, ctx) =>
          context.service?.handleError ? context.service.handleError(error, ctx) : answerError(error, ctx, log(bundle)),
      };
    }),
  );
}

/** Stands in a route whose component is still being activated: the dispatcher asks the table again before it runs. */
const notYet: Middleware = (_context, next) => next();

function handlerOf(service: HttpRoutes | HttpResources): Middleware {
  if ('folder' in service) return staticFiles(service);
  const { routes } = service;
  if (isRouter(routes)) return routes.routes() as Middleware;
  if (typeof routes === 'function') return routes;
  throw new TypeError('routes is neither a router nor a middleware');
}

/** By shape: a bundle may bring its own copy of the package. */
export function isRouter(routes: Router | Middleware): routes is Router {
  return typeof (routes as Partial<Router>).routes === 'function';
}

function staticFiles({ folder, index = 'index.html', maxAge = 0 }: HttpResources): Middleware {
  return async (context, next): Promise<void> => {
    if (context.method !== 'GET' && context.method !== 'HEAD') {
      await next();
      return;
    }
    try {
      await send(context, context.path, { root: folder, index, maxAge: maxAge * 1000 });
    } catch (error) {
      if ((error as { status?: number }).status !== 404) throw error;
      await next();
    }
  };
}

function applies(middleware: LiveService<HttpMiddleware>, publication: Publication, path: string): boolean {
  if (!middleware.service) return false;
  const select = stringProperty(middleware, 'http.select');
  const own = middleware.reference.bundle === publication.bundle;
  if (select === undefined ? !own : !createFilter(select).match(publication.live.reference)) return false;
  return pathsOf(middleware).some((scope) => isBelow(path, joinPaths('/', scope)));
}

function middlewareOf({ service }: LiveService<HttpMiddleware>): Middleware {
  return async (context, next) => {
    await (service ? service.middleware(context, next) : next());
  };
}

function limitsOf(live: Publication['live'], context: LiveService<HttpContext>): RouteLimits {
  const limit = (key: string): number => numberProperty(live, key) ?? numberProperty(context, key) ?? 0;
  return { maxBody: limit('http.maxBody'), timeout: limit('http.timeout') };
}

/** Rule X4: the manifest may narrow the paths that a bundle serves. */
function checkPermission(bundle: Bundle, paths: readonly string[]): void {
  const permissions = bundle.headers.permissions as { http?: { paths?: readonly string[] } } | undefined;
  const permitted = permissions?.http?.paths;
  if (!permitted) return;
  for (const path of paths) {
    const full = joinPaths('/', path);
    if (!permitted.some((each) => isBelow(full, joinPaths('/', each.replace(/\*$/, '')))))
      throw new TypeError(`the manifest of ${bundle.symbolicName} does not permit the path ${path}`);
  }
}

/** The service property `http.path`: one path or several. @throws TypeError unless they begin with a slash */
export function pathsOf(live: LiveService<unknown>): string[] {
  const value = live.reference.getProperty('http.path') ?? '/';
  const paths: unknown[] = Array.isArray(value) ? value : [value];
  return paths.map((path) => {
    if (typeof path !== 'string' || !path.startsWith('/'))
      throw new TypeError(`http.path must begin with a slash: ${String(path)}`);
    return path;
  });
}

/** Without a slash at the end; `''` is the root. */
export function joinPaths(context: string, path: string): string {
  return `${context}/${path}`.replace(/\/+/g, '/').replace(/\/$/, '');
}

export function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function stringProperty(live: LiveService<unknown>, key: string): string | undefined {
  const value = live.reference.getProperty(key);
  return typeof value === 'string' ? value : undefined;
}

function numberProperty(live: LiveService<unknown>, key: string): number | undefined {
  const value = live.reference.getProperty(key);
  return typeof value === 'number' ? value : undefined;
}
