import type { Bundle, Clock, Logger } from '@oxtender/bundle-api';
import { HttpContext, HttpMiddleware, HttpResources, HttpRoutes } from '@oxtender/bundle-api';
import type { Extender, StartedGeneration } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import { type LiveService, LiveServices } from '../tracking/live-services';
import { isBelow, joinPaths, Publication, publish } from './publication';
import { type Reservation, type Route, RouteTable } from './route-table';
import { reportRoutes, type RouteReport } from './route-report';
import { Upgrades } from './upgrades';

export interface WhiteboardSettings {
  /** Milliseconds that requests in flight have when their bundle stops (rule H7). */
  readonly drainTimeout: number;
  /** Seconds in Retry-After of a 503. */
  readonly retryAfter: number;
  /** Status of the reserved paths of a disabled bundle (rule H9). */
  readonly disabledStatus: 404 | 503;
  /** Bytes of a request's body, for contexts and routes that do not say. 0: any. */
  readonly maxBody: number;
}

export interface WhiteboardOptions {
  readonly clock: Clock;
  readonly settings: WhiteboardSettings;
  readonly log: (bundle: Bundle) => Logger;
}

/** The default context answers errors as the host does. */
const noErrorHandler: HttpContext = {};

/**
 * Serves what bundles register: keeps the route table true to the registry, and lets requests in flight finish when a
 * bundle stops. OSGi Compendium, "HTTP Whiteboard"; rules H1 to H11.
 */
export class HttpWhiteboard implements Extender {
  readonly name = 'http';
  readonly phase = 'http';
  readonly #publications = new Map<LiveService<unknown>, Publication>();
  /** Publications that are gone from the registry while requests of them are still in flight. */
  readonly #leaving = new Map<Publication, Promise<void>>();
  readonly #quiescing = new Set<Bundle>();
  readonly #updating = new Map<Bundle, { finished: Promise<void>; paths: Set<string> }>();
  #sets: Disposable[] = [];
  #contexts: LiveServices<HttpContext> | undefined;
  #middlewares: LiveServices<HttpMiddleware> | undefined;
  #framework: HostFramework | undefined;
  /** Until bundles are started everything is a busy server. */
  #table = new RouteTable([], [{ path: '', bundle: '', hold: undefined, unavailable: () => true }]);
  readonly upgrades: Upgrades;

  constructor(private readonly options: WhiteboardOptions) {
    const { log, settings } = options;
    this.upgrades = new Upgrades({
      log,
      retryAfter: settings.retryAfter,
      isReserved: (path) => this.#table.isReserved(path),
    });
  }

  get stopLimit(): number {
    return this.options.settings.drainTimeout + 1000;
  }

  get table(): RouteTable {
    return this.#table;
  }

  get publications(): readonly Publication[] {
    return [...this.#publications.values()];
  }

  /** What is served, what is not, and why. */
  report(): RouteReport[] {
    const sorted = this.publications.toSorted((a, b) => b.live.reference.compareTo(a.live.reference));
    return reportRoutes(sorted, ({ bundle }) => this.#quiescing.has(bundle));
  }

  get inFlight(): number {
    let count = 0;
    for (const { traffic } of [...this.#publications.values(), ...this.#leaving.keys()]) count += traffic.inFlight;
    return count;
  }

  /** What the reserved paths of a disabled bundle answer (rule H9). */
  get disabledStatus(): 404 | 503 {
    return this.options.settings.disabledStatus;
  }

  /** What a path answers when the bundle's route is gone (rule H9). */
  answerWithout(bundle: Bundle, path: string): 404 | 503 {
    return this.#reservedBy(bundle).some((reserved) => isBelow(path, joinPaths('/', reserved))) ? 503 : 404;
  }

  /** Clients are asked to open a new connection for their next request. */
  closeConnections(): void {
    for (const { traffic } of this.#publications.values()) traffic.closeConnections();
  }

  open(framework: HostFramework): void {
    this.#framework = framework;
    const context = framework.system.context;
    if (!context) return;
    const rebuild = (): void => this.#rebuild();
    const { maxBody } = this.options.settings;
    context.registerService(HttpContext, noErrorHandler, {
      'http.context.name': 'default',
      'http.maxBody': maxBody,
    });
    const around = { added: rebuild, changed: rebuild, removed: rebuild };
    this.#contexts = new LiveServices(context, HttpContext, around);
    this.#middlewares = new LiveServices(context, HttpMiddleware, around);
    const published = {
      added: (live: Publication['live']) => this.#add(live),
      changed: rebuild,
      removed: (live: Publication['live']) => this.#remove(live),
    };
    this.#sets = [
      this.#contexts,
      this.#middlewares,
      new LiveServices(context, HttpRoutes, published),
      new LiveServices(context, HttpResources, published),
      this.upgrades.open(context),
    ];
    context.addBundleListener(
      ({ bundle }) => {
        if (this.#concerns(bundle)) rebuild();
      },
      { synchronous: true },
    );
  }

  close(): void {
    for (const set of this.#sets) set[Symbol.dispose]();
    this.#sets = [];
  }

  /** Takes the bundle's routes away for new requests and waits for those in flight (rules H7, H8). */
  stopping({ bundle }: StartedGeneration): Promise<void> | undefined {
    if (this.#concerns(bundle)) return this.#quiesce(bundle);
    this.upgrades.drain(bundle);
    return undefined;
  }

  stopped({ bundle }: StartedGeneration): void {
    if (this.#quiescing.delete(bundle)) this.#rebuild();
  }

  /** New requests for an updated bundle wait for the new generation (rule U2). */
  updating(bundle: Bundle, finished: Promise<void>): void {
    const settled = finished.then(
      () => this.#updated(bundle),
      () => this.#updated(bundle),
    );
    this.#updating.set(bundle, { finished: settled, paths: new Set() });
  }

  /** Everything in flight finishes, for the host's own stop. */
  async drainAll(timeout: number): Promise<void> {
    await Promise.all([
      ...this.publications.map((publication) => this.#drain(publication, timeout)),
      ...this.#leaving.values(),
    ]);
  }

  async #quiesce(bundle: Bundle): Promise<void> {
    this.#quiescing.add(bundle);
    const own = this.publications.filter((publication) => publication.bundle === bundle);
    const vacated = this.#updating.get(bundle)?.paths;
    for (const { path } of own.flatMap(({ routes }) => routes)) vacated?.add(path);
    this.#rebuild();
    await Promise.all([...own.map((each) => this.#drain(each)), ...this.#leavingOf(bundle)]);
    this.upgrades.drain(bundle);
  }

  /** Whether the table may be another when the bundle's state is. */
  #concerns(bundle: Bundle): boolean {
    if (this.#updating.has(bundle) || this.#quiescing.has(bundle) || this.#reservedBy(bundle).length > 0) return true;
    for (const publication of this.#publications.values()) if (publication.bundle === bundle) return true;
    for (const publication of this.#leaving.keys()) if (publication.bundle === bundle) return true;
    return false;
  }

  #updated(bundle: Bundle): void {
    this.#updating.delete(bundle);
    this.#rebuild();
  }

  #add(live: Publication['live']): void {
    const { bundle } = live.reference;
    if (!bundle) return;
    this.#publications.set(live, new Publication(live, bundle));
    this.#rebuild();
  }

  #remove(live: Publication['live']): Promise<void> | undefined {
    const publication = this.#publications.get(live);
    if (!publication) return undefined;
    this.#publications.delete(live);
    this.#rebuild();
    if (publication.traffic.inFlight === 0) return undefined;
    const drained = this.#drain(publication).finally(() => this.#leaving.delete(publication));
    this.#leaving.set(publication, drained);
    return drained;
  }

  async #drain({ live, bundle, traffic }: Publication, timeout = this.options.settings.drainTimeout): Promise<void> {
    const service = live.service as HttpRoutes | undefined;
    try {
      service?.onDrain?.();
    } catch (error) {
      this.options.log(bundle).error('onDrain failed', { error });
    }
    const { clock, settings } = this.options;
    const cut = await traffic.drain({ clock, timeout, retryAfter: settings.retryAfter });
    if (cut > 0)
      this.options.log(bundle).warn('requests were cut when the drain time was over', { requests: cut, timeout });
  }

  #leavingOf(bundle: Bundle): Promise<void>[] {
    return [...this.#leaving].flatMap(([publication, drained]) => (publication.bundle === bundle ? [drained] : []));
  }

  #rebuild(): void {
    const surroundings = {
      contexts: this.#contexts?.values() ?? [],
      middlewares: this.#middlewares?.values() ?? [],
      log: this.options.log,
    };
    const routes: Route[] = [];
    for (const publication of this.#publications.values()) {
      publish(publication, surroundings);
      if (!this.#quiescing.has(publication.bundle)) routes.push(...publication.routes);
    }
    this.#table = new RouteTable(routes, this.#reservations(routes));
  }

  /** The paths that a bundle's manifest reserves and that no route of it covers (rule H9). */
  #reservations(routes: readonly Route[]): Reservation[] {
    const framework = this.#framework;
    const bundles = framework?.system.context?.getBundles() ?? [];
    return bundles.flatMap((bundle) => {
      const update = this.#updating.get(bundle);
      const own = routes.filter((route) => route.reference.bundle === bundle);
      return [...this.#reservedBy(bundle), ...(update?.paths ?? [])]
        .map((path) => joinPaths('/', path))
        .filter((path) => !own.some((route) => isBelow(path, route.path)))
        .map((path) => ({
          path,
          bundle: bundle.symbolicName,
          hold: update?.finished,
          unavailable: () =>
            this.options.settings.disabledStatus === 503 || !framework?.system.operator.status(bundle).disabled,
        }));
    });
  }

  /** Paths that a bundle's manifest reserves. */
  #reservedBy(bundle: Bundle): readonly string[] {
    return this.#framework?.bundles.find(bundle)?.current.manifest.http?.reserves ?? nothing;
  }
}

const nothing: readonly string[] = [];
