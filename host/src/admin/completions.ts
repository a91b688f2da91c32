import { logLevels } from '../log/log-levels';
import { shortName } from './bundle-names';
import type { Completions } from './command-runner';
import type { OperatedHost } from './operated-host';

/** What the arguments of commands may be, by the name of the argument. */
export function completionsOf({ context, components, configuration, health }: OperatedHost): Completions {
  const bundles = (): string[] =>
    context.getBundles().flatMap((bundle) => (bundle.id === 0 ? [] : [shortName(bundle)]));
  const componentNames = (): string[] => components.list().map(({ name }) => name);
  const pids = (): string[] => [
    ...new Set([...configuration.schemas.pids, ...configuration.admin.listConfigurations().map(({ pid }) => pid)]),
  ];
  const byArgument: Readonly<Record<string, () => readonly string[]>> = {
    bundle: bundles,
    component: componentNames,
    what: () => [...bundles(), ...componentNames()],
    pid: pids,
    kind: () => ['req', 'cap', 'service'],
    level: () => [...logLevels, 'default'],
    tag: () => health.tags,
  };
  return (argument) => byArgument[argument]?.() ?? [];
}
