import type { Bundle, BundleContext, ComponentReport, ReferenceReport } from '@oxtender/bundle-api';
import type { ComponentConfiguration } from './component-configuration';
import type { ComponentHolder } from './component-holder';
import type { ReferenceTracker } from './reference-tracker';

/** Looks for what nearly fits an unsatisfied reference. */
export type CandidateSearch = (tracker: ReferenceTracker, context: BundleContext) => readonly string[];

/** What `oxtender scr` shows of a component: one report for each of its configurations (rule C30). */
export function reportsOf(holder: ComponentHolder, bundle: Bundle, candidates: CandidateSearch): ComponentReport[] {
  if (holder.enabled && holder.configurations.length > 0)
    return holder.configurations.map((configuration) => reportOf(configuration, holder, bundle, candidates));
  const { declaration } = holder;
  const idle = holder.enabled && declaration.factory !== undefined && holder.missing === undefined;
  return [
    {
      bundle,
      name: declaration.name,
      state: !holder.enabled ? 'disabled' : idle ? 'satisfied' : 'unsatisfied-configuration',
      provides: declaration.provides.map(({ id }) => id),
      references: [],
      properties: declaration.properties,
      pids: declaration.pids,
      reason: holder.enabled ? holder.missing : 'it is disabled',
    },
  ];
}

function reportOf(
  configuration: ComponentConfiguration,
  { home }: ComponentHolder,
  bundle: Bundle,
  candidates: CandidateSearch,
): ComponentReport {
  const { declaration, trackers, state, failure } = configuration;
  const references = trackers.map((tracker): ReferenceReport => {
    const { name, token, cardinality, dynamic, greedy } = tracker.declaration;
    return {
      name,
      service: token.id,
      target: tracker.target,
      cardinality,
      policy: `${dynamic ? 'dynamic' : 'static'} ${greedy ? 'greedy' : 'reluctant'}`,
      satisfied: tracker.satisfied,
      bound: configuration.boundIds(tracker),
      candidates: tracker.satisfied ? [] : candidates(tracker, home.context),
    };
  });
  return {
    bundle,
    name: declaration.name,
    state,
    provides: declaration.provides.map(({ id }) => id),
    references,
    properties: configuration.properties,
    pids: declaration.pids,
    reason: reasonOf(references) ?? (state === 'failed' ? `its activation failed: ${failure ?? ''}` : undefined),
  };
}

function reasonOf(references: readonly ReferenceReport[]): string | undefined {
  const missing = references.filter(({ satisfied }) => !satisfied);
  if (missing.length === 0) return undefined;
  const wanted = missing.map(({ service, target }) => (target === undefined ? service : `${service} with ${target}`));
  const [nearest] = missing.flatMap(({ candidates }) => candidates);
  return `it waits for ${wanted.join(' and ')}${nearest === undefined ? '' : `: ${nearest}`}`;
}
