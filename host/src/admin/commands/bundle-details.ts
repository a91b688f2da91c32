import type { Bundle, ConsoleCommand, Explanation, Framework, NearestCapability } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { bundleArgument, bundlesArgument, timeText } from './command';

/** `info`, `headers`, `diag`, `tree`: one bundle in detail. */
export const bundleDetailCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'info',
    description: 'everything about a bundle',
    args: [bundleArgument],
    run: ({ args }) => Promise.resolve(findBundles(host.context, args).map((bundle) => infoOf(host, bundle))[0]),
  },
  {
    name: 'headers',
    description: "a bundle's manifest",
    args: [bundleArgument],
    run: ({ args }) => Promise.resolve(findBundles(host.context, args)[0]?.headers),
    text: (headers) => JSON.stringify(headers, null, 2),
  },
  {
    name: 'diag',
    description: 'why bundles do not resolve: what is missing, and what comes nearest',
    args: [bundlesArgument],
    run: ({ args }) =>
      Promise.resolve(findBundles(host.context, args).map((bundle) => diagnosis(host.framework, bundle))),
    text: (found) => (found as Diagnosis[]).map(diagnosisText).join('\n'),
  },
  {
    name: 'tree',
    description: 'a bundle with the bundles that it is wired to, and theirs',
    args: [bundleArgument],
    run: ({ args }) =>
      Promise.resolve(findBundles(host.context, args).map((bundle) => treeOf(host.framework, bundle))[0]),
    text: (tree) => treeText(tree as WireTree).join('\n'),
  },
];

function infoOf({ framework, components, whiteboard }: OperatedHost, bundle: Bundle): object {
  const status = framework.operator.status(bundle);
  return {
    id: bundle.id,
    name: shortName(bundle),
    symbolicName: bundle.symbolicName,
    description: bundle.headers.description,
    version: bundle.version,
    previousVersion: status.previousVersion,
    state: status.disabled ? `${bundle.state} (disabled)` : bundle.state,
    autostart: status.autostart,
    startLevel: status.startLevel,
    generation: bundle.generation,
    location: bundle.location,
    started: status.startedAt === undefined ? undefined : timeText(status.startedAt),
    timings: Object.entries(status.timings).map(([part, time]) => `${part} ${milliseconds(time)} ms`),
    lastError: status.lastError,
    tainted: status.tainted,
    components: components.list(bundle).map(({ name, state }) => `${name} (${state})`),
    provides: [
      ...new Set(
        bundle.getRegisteredServices().flatMap((reference) => reference.getProperty('objectClass') as string[]),
      ),
    ],
    uses: [
      ...new Set(bundle.getServicesInUse().flatMap((reference) => reference.getProperty('objectClass') as string[])),
    ],
    routes: whiteboard
      .report()
      .flatMap((row) => (row.bundle === bundle.symbolicName ? [`${row.path} (${row.state})`] : [])),
    configuration: Object.keys(bundle.headers.configuration ?? {}),
  };
}

/** Microseconds are as fine as the clock tells truly. */
const milliseconds = (time: number): number => Math.round(time * 1000) / 1000;

interface Diagnosis {
  readonly bundle: string;
  readonly resolvable: boolean;
  readonly text: string;
  readonly missing: readonly { readonly requirement: string; readonly nearest: readonly string[] }[];
}

function diagnosis(framework: Framework, bundle: Bundle): Diagnosis {
  const explanation: Explanation = framework.wiring.explain(bundle);
  return {
    bundle: shortName(bundle),
    resolvable: explanation.resolvable,
    text: explanation.text,
    missing: explanation.missing.map(({ requirement, nearest }) => ({
      requirement: [requirement.ns, requirement.name, requirement.filter, requirement.range]
        .filter((part) => part !== undefined)
        .join(' '),
      nearest: nearest.map(nearestText),
    })),
  };
}

function nearestText({ text, explanation }: NearestCapability): string {
  return explanation ? `${text}: ${explanation.text}` : text;
}

function diagnosisText({ bundle, text, missing }: Diagnosis): string {
  const lines = missing.flatMap(({ requirement, nearest }) => [
    `  missing: ${requirement}`,
    ...nearest.map((each) => `    nearest: ${each}`),
  ]);
  return [`${bundle}: ${text}`, ...lines].join('\n');
}

interface WireTree {
  readonly bundle: string;
  readonly version: string;
  readonly wires: readonly { readonly capability: string; readonly provider: WireTree }[];
}

function treeOf(framework: Framework, bundle: Bundle, above: readonly Bundle[] = []): WireTree {
  const deeper = !above.includes(bundle);
  return {
    bundle: shortName(bundle),
    version: bundle.version,
    wires: (deeper ? framework.wiring.wires(bundle) : []).map(({ capability, provider }) => ({
      capability: capability.ns,
      provider: treeOf(framework, provider, [...above, bundle]),
    })),
  };
}

function treeText({ bundle, version, wires }: WireTree, indent = ''): string[] {
  const below = wires.flatMap(({ capability, provider }) => {
    const [first = '', ...rest] = treeText(provider, `${indent}  `);
    return [`${first} (${capability})`, ...rest];
  });
  return [`${indent}${bundle} ${version}`, ...below];
}
