import Router from '@koa/router';
import type { HttpRoutes } from '@oxtender/bundle-api';
import type { ParameterizedContext } from 'koa';
import { isLoopback } from '../http/loopback';
import type { HealthReport, HealthService } from './health-service';

/** `/health/live`, `/health/ready`, `/health?tags=a,b` (rule B2). To be served below `/health`. */
export function healthRoutes(health: HealthService): HttpRoutes {
  const router = new Router();
  router.get('/live', (context) => {
    context.body = { status: 'OK' };
  });
  router.get('/ready', async (context) => answer(context, await health.report(['ready'])));
  router.get('/', async (context) => {
    const tags = [context.query.tags ?? []].flat().flatMap((tags) => tags.split(','));
    answer(context, await health.report(tags));
  });
  return { routes: router };
}

/** Only operators, who ask from this machine, see details. */
function answer(context: ParameterizedContext, report: HealthReport): void {
  context.status = report.status === 'OK' || report.status === 'WARN' ? 200 : 503;
  const body = isLoopback(context) ? report : { status: report.status };
  context.set('Cache-Control', 'no-store');
  if (context.accepts('json', 'text') === 'text') context.body = textOf(report, isLoopback(context));
  else context.body = body;
}

function textOf({ status, checks }: HealthReport, details: boolean): string {
  const lines = details
    ? checks.map((check) => `${check.status} ${check.name}${check.message === undefined ? '' : `: ${check.message}`}`)
    : [];
  return [status, ...lines, ''].join('\n');
}
