import type { ApiCall, ApiRoute } from './api-call';
import { type DryRun, dryRunBody } from './dry-run';

/** What an operator does to a bundle. An update takes the content from where the bundle came from. */
const verbs = ['start', 'stop', 'restart', 'update', 'rollback', 'enable', 'disable'] as const;

export const bundleRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/bundles',
    role: 'read',
    handle: ({ operator }) => operator.result('bundles'),
  },
  {
    method: 'get',
    path: '/bundles/:bundle',
    role: 'read',
    handle: showBundle,
  },
  ...verbs.map((verb): ApiRoute => ({
    method: 'post',
    path: `/bundles/:bundle/${verb}`,
    role: 'admin',
    body: dryRunBody,
    handle: (call) => call.operator.run(verb, [call.name('bundle')], call.body as DryRun),
  })),
];

async function showBundle(call: ApiCall): Promise<object> {
  const name = call.name('bundle');
  const { operator } = call;
  const [[row], info, why, components] = await Promise.all([
    operator.result<object[]>('bundles', [name]),
    operator.result<object>('info', [name]),
    operator.run('explain', [name]),
    operator.result<object[]>('scr list', [name]),
  ]);
  return { ...row, info, explanation: why.text, components };
}
