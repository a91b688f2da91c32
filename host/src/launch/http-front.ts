import type { Bundle, Clock, HealthCheck, HttpConnections, Logger, Metrics, Tracer } from '@oxtender/bundle-api';
import type { SecureContextOptions } from 'node:tls';
import type { HostSettings } from './host-settings';
import { dispatcher } from '../http/dispatcher';
import { HttpServer } from '../http/http-server';
import { TlsCertificate } from '../http/tls-certificate';
import { HttpWhiteboard } from '../http/whiteboard';

export interface HttpFrontOptions {
  readonly clock: Clock;
  readonly settings: () => HostSettings;
  readonly log: Logger;
  readonly bundleLog: (bundle: Bundle) => Logger;
  readonly metrics: Metrics;
  /** Undefined while nobody collects traces. */
  readonly tracer?: () => Tracer | undefined;
}

/** Milliseconds that a new request waits for a bundle that is being updated. */
const holdLimit = 45_000;

/** The listening server with the whiteboard behind it, and its metrics per bundle (rule H10). */
export class HttpFront {
  readonly whiteboard: HttpWhiteboard;
  readonly #server: HttpServer;
  readonly #certificate: TlsCertificate | undefined;

  constructor(private readonly options: HttpFrontOptions) {
    const { clock, settings, log, bundleLog, metrics, tracer } = options;
    this.whiteboard = new HttpWhiteboard({
      clock,
      log: bundleLog,
      get settings() {
        const current = settings();
        return {
          drainTimeout: current['host.http.drainTimeout'],
          retryAfter: current['host.http.retryAfter'],
          disabledStatus: current['host.http.disabledStatus'],
          maxBody: current['host.http.maxBody'],
        };
      },
    });
    const requests = metrics.histogram({
      name: 'http_request_seconds',
      help: 'Time to answer',
      labels: ['bundle', 'method', 'status'],
    });
    const { whiteboard } = this;
    metrics.gauge({
      name: 'http_requests_in_flight',
      help: 'Requests not answered yet',
      collect: () => whiteboard.inFlight,
    });
    const middleware = dispatcher({
      clock,
      get retryAfter() {
        return settings()['host.http.retryAfter'];
      },
      get tracer() {
        return tracer?.();
      },
      holdLimit,
      table: () => whiteboard.table,
      observe: ({ bundle, method, status, seconds }) =>
        requests.observe(seconds, { bundle, method, status: String(status) }),
    });
    this.#server = new HttpServer({
      middleware,
      onUpgrade: (request, socket, head) => whiteboard.upgrades.handle(request, socket, head),
      log,
      proxies: settings()['host.http.proxy'] ? settings()['host.http.proxies'] : 0,
      trusted: settings()['host.http.trustedProxies'],
      limits: {
        headersTimeout: settings()['host.http.headersTimeout'],
        bodySilence: settings()['host.http.bodySilence'],
        headerSize: settings()['host.http.headerSize'],
      },
    });
    const certificate = settings()['host.http.tls.certificate'];
    if (certificate !== '') {
      const files = {
        certificate,
        key: settings()['host.http.tls.key'],
        passphrase: settings()['host.http.tls.passphrase'],
      };
      this.#certificate = new TlsCertificate(files, { clock, log });
    }
  }

  /** Of the host's own certificate, where it has one. */
  get checks(): readonly HealthCheck[] {
    return this.#certificate ? [this.#certificate.health] : [];
  }

  /** For bundles that bring requests by another way. */
  get connections(): HttpConnections {
    return this.#server;
  }

  /** @returns the URL */
  async listen(): Promise<string> {
    const settings = this.options.settings();
    const url = await this.#server.listen(settings['host.http.port'], settings['host.http.address']);
    await this.#certificate?.watch((certificate) => this.#useCertificate(certificate));
    return url;
  }

  stopListening(): void {
    this.#server.stopListening();
    this.whiteboard.closeConnections();
  }

  async close(): Promise<void> {
    this.whiteboard.upgrades.closeAll();
    await this.#certificate?.[Symbol.asyncDispose]();
    await this.#server.close();
  }

  async #useCertificate(certificate: SecureContextOptions): Promise<void> {
    const settings = this.options.settings();
    const url = await this.#server.useCertificate(certificate, {
      port: settings['host.http.tls.port'],
      address: settings['host.http.tls.address'],
      minVersion: settings['host.http.tls.minVersion'],
    });
    if (url !== undefined) this.options.log.info('listens with TLS', { url });
  }
}
