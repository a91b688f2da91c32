import type { ConsoleCommand, ServiceReference } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { argument, bundleArgument } from './command';

/** `services`, `inspect`: the registry and the wires. */
export const inspectCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'services',
    description: 'list services',
    args: [{ name: 'what', description: 'token id, or an LDAP filter in parentheses' }],
    run: ({ args: [what] }) => Promise.resolve(findServices(host, what).map(serviceRow)),
  },
  {
    name: 'inspect',
    description: 'what a bundle requires, provides, or has in the registry',
    args: [{ name: 'kind', description: 'req, cap or service', required: true }, bundleArgument],
    run: ({ args }) => Promise.resolve(inspect(host, argument(args, 0, 'kind'), argument(args, 1, 'bundle'))),
  },
];

function findServices({ context }: OperatedHost, what: string | undefined): ServiceReference[] {
  const filter = what === undefined || what.startsWith('(') ? what : `(objectClass=${what})`;
  return context.getAllServiceReferences(undefined, filter);
}

/** Properties that have a column of their own. */
const columns = ['objectClass', 'service.id', 'service.bundleid', 'service.ranking', 'service.scope'];

function serviceRow(reference: ServiceReference): object {
  const others = Object.entries(reference.getProperties()).filter(([key]) => !columns.includes(key));
  return {
    id: reference.getProperty('service.id'),
    service: reference.getProperty('objectClass'),
    bundle: reference.bundle ? shortName(reference.bundle) : '',
    ranking: reference.getProperty('service.ranking'),
    scope: reference.getProperty('service.scope'),
    usedBy: reference.getUsingBundles().map(shortName),
    properties: others.map(([key, value]) => `${key}=${String(value)}`),
  };
}

function inspect({ framework, context }: OperatedHost, kind: string, name: string): object[] {
  const isHost = name === '0' || name === 'host' || name === framework.symbolicName;
  const bundles = isHost ? [framework] : findBundles(context, [name]);
  if (kind === 'service') {
    return bundles.flatMap((bundle) => [
      ...bundle.getRegisteredServices().map((reference) => ({ relation: 'provides', ...serviceRow(reference) })),
      ...bundle.getServicesInUse().map((reference) => ({ relation: 'uses', ...serviceRow(reference) })),
    ]);
  }
  if (kind === 'req') {
    return bundles.flatMap((bundle) =>
      framework.wiring.wires(bundle).map(({ requirement, capability, provider }) => ({
        namespace: requirement.ns,
        name: requirement.name,
        filter: requirement.filter,
        range: requirement.range,
        provider: shortName(provider),
        capability: JSON.stringify(capability.attrs),
      })),
    );
  }
  if (kind === 'cap') {
    const wires = context.getBundles().flatMap((requirer) => framework.wiring.wires(requirer));
    return bundles.flatMap((bundle) =>
      framework.wiring.capabilities(bundle).map((capability) => ({
        namespace: capability.ns,
        capability: JSON.stringify(capability.attrs),
        wiredBy: wires.filter((wire) => wire.capability === capability).map(({ requirer }) => shortName(requirer)),
      })),
    );
  }
  throw new Error(`${kind} is neither req, cap nor service`);
}
