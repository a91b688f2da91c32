import type { ApiRoute } from './api-call';
import { type DryRun, dryRunBody } from './dry-run';

export const componentRoutes: readonly ApiRoute[] = [
  { method: 'get', path: '/services', role: 'read', handle: ({ operator }) => operator.result('services') },
  { method: 'get', path: '/components', role: 'read', handle: ({ operator }) => operator.result('scr list') },
  {
    method: 'get',
    path: '/components/:component',
    role: 'read',
    handle: (call) => call.operator.result('scr info', [call.name('component')]),
  },
  ...(['enable', 'disable'] as const).map((verb): ApiRoute => ({
    method: 'post',
    path: `/components/:component/${verb}`,
    role: 'admin',
    body: dryRunBody,
    handle: (call) => call.operator.run(`scr ${verb}`, [call.name('component')], call.body as DryRun),
  })),
  { method: 'get', path: '/routes', role: 'read', handle: ({ operator }) => operator.result('http') },
];
