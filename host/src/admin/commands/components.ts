import type { ComponentReport, ConsoleCommand } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import { consequencesOfSwitching } from '../consequences/consequences';
import { consequencesText } from '../consequences/text';
import type { OperatedHost } from '../operated-host';
import { argument, optionalBundles } from './command';

const componentArgument = { name: 'component', description: 'name of the component', required: true };

/** `scr list|info|enable|disable`: the components (rule C30). */
export const componentCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'scr list',
    description: 'list components with their states',
    args: [optionalBundles],
    run: ({ args }) => {
      const bundles = args.length > 0 ? findBundles(host.context, args) : [undefined];
      return Promise.resolve(bundles.flatMap((bundle) => host.components.list(bundle)).map(row));
    },
  },
  {
    name: 'scr info',
    description: 'a component with its references, and what comes nearest to those that are not satisfied',
    args: [componentArgument],
    run: ({ args }) => Promise.resolve(find(host, args).map(infoOf)),
    text: (reports) => (reports as ReturnType<typeof infoOf>[]).map(infoText).join('\n\n'),
  },
  ...([true, false] as const).map((enabled): ConsoleCommand => {
    const verb = enabled ? 'enable' : 'disable';
    return {
      name: `scr ${verb}`,
      description: `${verb} a component until its bundle restarts`,
      args: [componentArgument],
      run: async ({ args }) => {
        const reports = find(host, args);
        for (const { bundle, name } of reports) await host.components.setEnabled(bundle, name, enabled);
        return find(host, args).map(row);
      },
      preview: ({ args }) => Promise.resolve(consequencesOfSwitching(host, find(host, args), enabled)),
      text: (result) => (Array.isArray(result) ? '' : consequencesText(result)),
    };
  }),
];

function find({ components }: OperatedHost, args: readonly string[]): ComponentReport[] {
  const name = argument(args, 0, 'component');
  const found = components.list().filter((report) => report.name === name);
  if (found.length === 0) throw new Error(`there is no component ${name}: see oxtender scr list`);
  return found;
}

function row({ name, bundle, state, provides, reason }: ComponentReport): object {
  return { name, bundle: shortName(bundle), state, provides, reason };
}

function infoOf({ bundle, ...report }: ComponentReport): Omit<ComponentReport, 'bundle'> & { bundle: string } {
  return { ...report, bundle: shortName(bundle) };
}

function infoText({ name, bundle, state, reason, provides, references, pids }: ReturnType<typeof infoOf>): string {
  return [
    `${name} of ${bundle} is ${state}${reason === undefined ? '' : `: ${reason}`}`,
    ...(provides.length > 0 ? [`  provides ${provides.join(', ')}`] : []),
    ...(pids.length > 0 ? [`  configured by ${pids.join(', ')}`] : []),
    ...references.flatMap(({ name: reference, cardinality, policy, target, satisfied, bound, candidates }) => [
      `  ${satisfied ? '✓' : '✗'} ${reference} ${cardinality} ${policy}${target === undefined ? '' : ` ${target}`}${bound.length > 0 ? `: service ${bound.join(', ')}` : ''}`,
      ...candidates.map((candidate) => `      ${candidate}`),
    ]),
  ].join('\n');
}
