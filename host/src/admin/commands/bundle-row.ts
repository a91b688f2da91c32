import type { Bundle } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import { type ConsequenceSet, consequencesOf } from '../consequences/consequences';
import { consequencesText } from '../consequences/text';
import type { OperatedHost } from '../operated-host';
import { argument } from './command';

/** A bundle after an operation. */
export interface BundleRow {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly state: string;
}

export function bundleRow(bundle: Bundle): BundleRow {
  return { id: bundle.id, name: shortName(bundle), version: bundle.version, state: bundle.state };
}

/** Of the rows after an operation, or of the consequences before it. */
export function rowsOrConsequences(result: unknown): string {
  if (!Array.isArray(result)) return consequencesText(result);
  return (result as BundleRow[]).map(({ name, version, state }) => `${name} ${version} is ${state}`).join('\n');
}

/** @throws Error unless the first argument means one bundle */
export function oneBundle({ context }: OperatedHost, args: readonly string[]): Bundle {
  const [bundle, another] = findBundles(context, [argument(args, 0, 'bundle')]);
  if (!bundle || another) throw new Error(`${args[0] ?? ''} means several bundles: name one`);
  return bundle;
}

/** Undefined when none is named: all that are concerned. */
export function namedBundles({ context }: OperatedHost, args: readonly string[]): Bundle[] | undefined {
  return args.length === 0 ? undefined : findBundles(context, args);
}

export async function preview(
  host: OperatedHost,
  kind: 'update' | 'refresh' | 'uninstall',
  bundles: readonly Bundle[],
): Promise<ConsequenceSet> {
  return Promise.resolve(consequencesOf(host, { kind, bundles }));
}
