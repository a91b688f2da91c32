import type { Bundle, BundleContext, ServiceProperties, ServiceRegistration } from '@oxtender/bundle-api';
import { HttpRoutes } from '@oxtender/bundle-api';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Middleware } from 'koa';
import { HttpFront } from '../../src/launch/http-front';
import { hostSchema, type HostSettings } from '../../src/launch/host-settings';
import { MetricsRegistry } from '../../src/metrics/metrics-registry';
import { launchHost, type LaunchedHost } from './host-parts';
import { FakeClock } from '@oxtender/bundle-api/testing';

/** A host that listens on a free port; `close` ends it. */
export interface HttpHost extends LaunchedHost {
  readonly url: string;
  readonly front: HttpFront;
  readonly metrics: MetricsRegistry;
  /** Registers a middleware as routes. */
  serve(
    context: BundleContext,
    routes: HttpRoutes['routes'],
    properties?: ServiceProperties,
  ): ServiceRegistration<HttpRoutes>;
}

const fronts: HttpFront[] = [];

export async function launchHttp(settings: Partial<HostSettings> = {}): Promise<HttpHost> {
  const defaults = Object.fromEntries(
    Object.entries(hostSchema.properties).flatMap(([key, each]) => ('default' in each ? [[key, each.default]] : [])),
  ) as unknown as HostSettings;
  const current: HostSettings = { ...defaults, 'host.http.port': 0, ...settings };
  const clock = new FakeClock();
  const metrics = new MetricsRegistry();
  const logs: { log?: LaunchedHost['logging'] } = {};
  const logger = (name: string): ReturnType<LaunchedHost['logging']['logger']> => logs.log!.logger(name);
  const front = new HttpFront({
    clock,
    settings: () => current,
    log: { warn: () => undefined } as never,
    bundleLog: (bundle: Bundle) => logger(bundle.symbolicName),
    metrics: metrics.createView(),
  });
  fronts.push(front);
  const url = await front.listen();
  const host = await launchHost({ extenders: [front.whiteboard], clock });
  logs.log = host.logging;
  return {
    ...host,
    url,
    front,
    metrics,
    serve: (context, routes, properties = {}) => context.registerService(HttpRoutes, { routes }, properties),
  };
}

/** For `afterEach`. */
export async function closeFronts(): Promise<void> {
  for (const front of fronts.splice(0)) {
    front.stopListening();
    await front.close();
  }
}

export const answer =
  (text: string): Middleware =>
  (context) => {
    context.body = `${text} ${context.path}`;
  };

/** Status and text. */
export async function get(url: string, options: RequestInit = {}): Promise<[number, string]> {
  const response = await fetch(url, options);
  return [response.status, await response.text()];
}

/** A request whose body is sent by hand. */
export function open(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): { sent: ClientRequest; answered: Promise<IncomingMessage> } {
  const sent = request(url, options);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', (response) => resolve(response.resume()));
    sent.once('error', reject);
  });
  answered.catch(() => undefined);
  return { sent, answered };
}
