import type { Bundle, ConsoleCommand } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import { consequencesOf, withSettings } from '../consequences/consequences';
import { consequencesText } from '../consequences/text';
import type { OperatedHost } from '../operated-host';
import { argument, bundleArgument, integer } from './command';

const level = { name: 'level', description: 'start level, from 1' };

/** `startlevel`, `bundlelevel`. */
export const startLevelCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'startlevel',
    description: 'show or change the start level of the host',
    args: [level],
    run: async ({ args, progress }) => {
      const { startLevel } = host.framework;
      if (args.length > 0) {
        const wanted = integer(argument(args, 0, 'level'), 'level');
        progress(`going to start level ${wanted}`);
        await new Promise<void>((resolve) => startLevel.setLevel(wanted, () => resolve()));
      }
      return { level: startLevel.level, initialBundleLevel: startLevel.initialBundleLevel };
    },
    preview: ({ args }) =>
      Promise.resolve(
        consequencesOf(host, { kind: 'startLevel', bundles: [], level: integer(argument(args, 0, 'level'), 'level') }),
      ),
    text: (result) =>
      'level' in (result as object) ? `level ${String((result as { level: number }).level)}` : consequencesText(result),
  },
  {
    name: 'bundlelevel',
    description: 'show or change the start level of a bundle',
    args: [bundleArgument, level],
    run: async ({ args }) => {
      const { startLevel } = host.framework;
      const bundles = findBundles(host.context, [argument(args, 0, 'bundle')]);
      if (args[1] !== undefined) {
        for (const bundle of bundles) await startLevel.setBundleLevel(bundle, integer(args[1], 'level'));
      }
      return bundles.map((bundle) => ({
        id: bundle.id,
        name: shortName(bundle),
        level: startLevel.bundleLevel(bundle),
        state: bundle.state,
      }));
    },
    preview: ({ args }) => {
      const wanted = integer(argument(args, 1, 'level'), 'level');
      const bundles = findBundles(host.context, [argument(args, 0, 'bundle')]);
      const set = consequencesOf(host, { kind: 'bundleLevel', bundles, level: wanted });
      const { startLevel } = host.framework;
      const settingOf = (bundle: Bundle): string | undefined =>
        startLevel.bundleLevel(bundle) === wanted ? undefined : `has start level ${wanted}`;
      return Promise.resolve(withSettings(set, bundles, settingOf));
    },
    text: (result) => (Array.isArray(result) ? '' : consequencesText(result)),
  },
];
