import type { HttpRoutes } from '@oxtender/bundle-api';
import { isLoopback } from '../http/loopback';
import type { MetricsRegistry } from './metrics-registry';

/** What Prometheus reads, for programs on this machine. To be served below `/metrics`. */
export function metricsRoutes(metrics: MetricsRegistry): HttpRoutes {
  return {
    routes: async (context, next): Promise<void> => {
      if (!isLoopback(context) || context.path !== '/') {
        await next();
        return;
      }
      context.type = metrics.contentType;
      context.body = await metrics.expose();
    },
  };
}
