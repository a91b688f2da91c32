import type { Clock, SpanAttributes, Tracer } from '@oxtender/bundle-api';
import type { Middleware, ParameterizedContext } from 'koa';
import { once } from 'node:events';
import { declaresMoreThan, limitBody } from './body-limit';
import { RequestScope } from './request-scope';
import type { Candidate, Reservation, Route, RouteTable } from './route-table';

/** Told of each exchange when it is over, for metrics and the log. */
export type ExchangeObserver = (exchange: { bundle: string; method: string; status: number; seconds: number }) => void;

export interface DispatcherOptions {
  readonly clock: Clock;
  /** Seconds that a 503 tells the client to wait. */
  readonly retryAfter: number;
  /** Milliseconds that a new request waits for a bundle that is being updated. */
  readonly holdLimit: number;
  table(): RouteTable;
  readonly observe: ExchangeObserver;
  /** Undefined while nobody collects traces. */
  readonly tracer?: Tracer | undefined;
}

/** The only middleware of the host's koa application: hands each request to the route that the table names (rule H1). */
export function dispatcher(options: DispatcherOptions): Middleware {
  const boot = Math.trunc(options.clock.now()).toString(36);
  let count = 0;
  return async (context) => {
    const scope = new RequestScope(`${boot}-${(++count).toString(36)}`, context.res);
    context.state = scope;
    const exchange = new Exchange(context, scope, options);
    const serve = (): Promise<void> => exchange.begin();
    const { tracer } = options;
    if (!tracer) return serve();
    const attributes = attributesOf(context, scope);
    await tracer.span(context.method, () => serve().then(() => answered(context)), { kind: 'server', attributes });
  };
}

/** Resolves when a request is over that its handler answers later: a trace tells how long it waited, and for what. */
async function answered({ respond, res }: ParameterizedContext): Promise<void> {
  if (respond === false && !res.closed) await once(res, 'close');
}

/** As koa has it, which keeps the parts of a parsed URL with each request that waits. */
function pathOf(context: ParameterizedContext): string {
  return /^(\/[^?#\s]*)(?:\?[^#\s]*)?$/.exec(context.url)?.[1] ?? context.path;
}

/** OpenTelemetry, "Semantic conventions for HTTP spans". The query may carry credentials. */
function attributesOf(context: ParameterizedContext, { requestId }: RequestScope): () => SpanAttributes {
  const { method } = context;
  const path = pathOf(context);
  return () => ({
    'http.request.method': method,
    'url.path': path,
    'http.response.status_code': context.status,
    'oxtender.request_id': requestId,
  });
}

/** One request on its way along the candidates. */
class Exchange {
  readonly #url: string;
  readonly #path: string;
  readonly #begin = performance.now();
  #held = false;

  constructor(
    private readonly context: ParameterizedContext,
    private readonly scope: RequestScope,
    private readonly options: DispatcherOptions,
  ) {
    this.#url = context.url;
    this.#path = pathOf(context);
  }

  /** By the table of now; once more when what was waited for is in it. */
  begin(): Promise<void> {
    return this.#serve(this.options.table().candidates(this.#path), 0);
  }

  async #serve(candidates: readonly Candidate[], from: number): Promise<void> {
    for (const [index, candidate] of candidates.entries()) {
      if (index < from) continue;
      if ('reservation' in candidate) {
        const outcome = await this.#reserved(candidate.reservation);
        if (outcome === 'answered') return;
        if (outcome === 'look again') return this.begin();
      } else if (matchesHost(candidate.route, this.context)) {
        return this.#run(candidate.route, () => this.#serve(candidates, index + 1));
      }
    }
    this.#nobody();
  }

  async #run(route: Route, otherwise: () => Promise<void>): Promise<void> {
    const { context, scope } = this;
    const leave = this.#enter(route);
    try {
      if (!this.#withinLimits(route)) return;
      if (route.pending) {
        await route.pending;
        leave();
        await this.begin();
        return;
      }
      context.url = this.#url.slice(route.path.length) || '/';
      if (!context.url.startsWith('/')) context.url = `/${context.url}`;
      await route.handler(context, () => {
        leave();
        context.url = this.#url;
        return otherwise();
      });
    } catch (error) {
      if (scope.response.headersSent) scope.response.destroy();
      else await route.onError(error, context);
    }
  }

  /** Counts the request to the bundle until its answer is sent, or it passes it on. */
  #enter(route: Route): () => void {
    const { response } = this.scope;
    route.traffic.enter(this.scope);
    const leave = (): void => {
      response.off('close', finish);
      route.traffic.leave(this.scope);
    };
    const finish = (): void => {
      leave();
      const seconds = (performance.now() - this.#begin) / 1000;
      this.options.observe({ bundle: route.bundle, method: this.context.method, status: response.statusCode, seconds });
    };
    // It comes once, whatever it is listened to with: `once` would keep three objects more for each request that waits.
    response.on('close', finish);
    return leave;
  }

  #withinLimits({ limits }: Route): boolean {
    const { context, scope } = this;
    if (limits.maxBody > 0) {
      if (declaresMoreThan(limits.maxBody, context.req)) {
        this.#tooLarge();
        return false;
      }
      limitBody(context.req, limits.maxBody, () => {
        scope.abort(new Error(`the body is larger than ${limits.maxBody} bytes`));
        if (scope.response.headersSent) context.req.destroy();
        else scope.response.writeHead(413, { Connection: 'close' }).end(() => context.req.destroy());
      });
    }
    if (limits.timeout > 0) {
      const timer = this.options.clock.setTimeout(() => {
        scope.abort(new Error(`no answer within ${limits.timeout} ms`));
        scope.cut(this.options.retryAfter);
      }, limits.timeout);
      scope.response.on('close', () => timer[Symbol.dispose]());
    }
    return true;
  }

  #tooLarge(): void {
    this.context.status = 413;
    this.context.set('Connection', 'close');
    this.context.body = 'Payload Too Large';
  }

  /** Waits once for a bundle that is being updated; else a bundle that does not serve is a busy server (rule H9). */
  async #reserved(reservation: Reservation): Promise<'answered' | 'look again' | 'pass'> {
    if (reservation.hold && !this.#held) {
      this.#held = true;
      await this.#waitFor(reservation.hold);
      return 'look again';
    }
    if (!reservation.unavailable()) return 'pass';
    this.context.status = 503;
    this.context.set('Retry-After', String(this.options.retryAfter));
    this.context.body = 'Service Unavailable';
    return 'answered';
  }

  async #waitFor(hold: Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.options.clock.setTimeout(resolve, this.options.holdLimit);
      const end = (): void => {
        timer[Symbol.dispose]();
        resolve();
      };
      void hold.then(end, end);
    });
  }

  /** 405 when a router knows the path by another method, else koa's 404. */
  #nobody(): void {
    const matched = (this.context as { matched?: readonly { methods: readonly string[] }[] }).matched ?? [];
    const methods = new Set(matched.flatMap((layer) => layer.methods));
    if (methods.size === 0 || this.context.status !== 404 || this.context.body != null) return;
    this.context.status = this.context.method === 'OPTIONS' ? 200 : 405;
    this.context.set('Allow', [...methods].join(', '));
    this.context.body = this.context.status === 405 ? 'Method Not Allowed' : '';
  }
}

function matchesHost(route: Route, context: ParameterizedContext): boolean {
  return route.host === undefined || context.hostname === route.host;
}
