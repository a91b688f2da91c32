import type { Bundle, ConsoleCommand } from '@oxtender/bundle-api';
import { shortName } from '../bundle-names';
import { missingServices } from '../missing-services';
import type { OperatedHost } from '../operated-host';

/** `boot` (rule O8). */
export const bootCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'boot',
    description: 'what the last start of each bundle took, what failed, what waits',
    run: () => {
      const bundles = host.context.getBundles().filter(({ id }) => id !== 0);
      return Promise.resolve(bundles.map((bundle) => rowOf(host, bundle)).sort((a, b) => a.level - b.level));
    },
  },
];

function rowOf({ framework, components }: OperatedHost, bundle: Bundle): { readonly level: number } {
  const { timings, startLevel, lastError } = framework.operator.status(bundle);
  const waiting = components.list(bundle).filter(({ reason }) => reason !== undefined);
  const row = {
    level: startLevel,
    name: shortName(bundle),
    state: bundle.state,
    resolve: `${Math.round(timings.resolve)} ms`,
    load: `${Math.round(timings.load)} ms`,
    start: `${Math.round(timings.start)} ms`,
    error: lastError,
    waiting: [
      ...missingServices(bundle).map((token) => `its activator: ${token}`),
      ...waiting.map(({ name, reason }) => `${name}: ${reason ?? ''}`),
    ],
  };
  return row;
}
