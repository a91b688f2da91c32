import type { Explanation, NearestCapability } from '@oxtender/bundle-api';
import { showRequirement } from '../../resolver/explain';
import { shortName } from '../bundle-names';
import { type Cause, leaf, node } from './cause';

/** What is missing, and why what comes nearest does not do, down to the bundle that is to be mended. */
export function unresolved(subject: string, { text, missing, disabled, bundle }: Explanation): Cause {
  const remedy = disabled
    ? `oxtender enable ${shortName(bundle)}`
    : `install what is missing; oxtender diag ${shortName(bundle)}`;
  if (missing.length === 0) return leaf(`${subject} does not resolve: ${text}`, remedy);
  const wanted = missing.map(({ requirement }) => showRequirement(requirement)).join(' and ');
  return node(
    `${subject} does not resolve: it needs ${wanted}`,
    missing.map(({ requirement, nearest: [nearest] }) => lacking(showRequirement(requirement), nearest, remedy)),
  );
}

function lacking(wanted: string, nearest: NearestCapability | undefined, remedy: string): Cause {
  if (!nearest) return leaf(`no bundle provides ${wanted}`, remedy);
  const { provider, reason, explanation, text } = nearest;
  const name = `bundle ${shortName(provider)}`;
  if (reason === 'disabled')
    return leaf(`${name} provides ${wanted}, but is disabled`, `oxtender enable ${shortName(provider)}`);
  if (explanation) return unresolved(name, explanation);
  return leaf(`no bundle provides ${wanted}: nearest is ${shortName(provider)} ${provider.version}: ${text}`, remedy);
}
