import { useMemo } from 'preact/hooks';
import { plots } from '../live/plots';
import type { BundleRow, HealthRow } from '../model';
import { Chip } from '../parts/chip';
import { Loaded, Page } from '../parts/page';
import { Plot } from '../parts/plot';
import { useData, useSamples } from '../use-data';

/** What is wrong, and how busy it is. */
export function OverviewPage() {
  const health = useData<HealthRow[]>('/health', ['health', 'bundles', 'configurations']);
  const bundles = useData<BundleRow[]>('/bundles', ['bundles', 'configurations']);
  const samples = useSamples();
  const recent = useMemo(() => samples.slice(-180), [samples]);
  return (
    <Page title="Overview">
      <section aria-labelledby="attention">
        <h2 id="attention">Needs attention</h2>
        <Loaded data={health}>
          {(checks) => <Loaded data={bundles}>{(rows) => <Attention checks={checks} bundles={rows} />}</Loaded>}
        </Loaded>
      </section>
      <section aria-labelledby="figures">
        <h2 id="figures">
          Last 15 minutes <a href="/live">all figures</a>
        </h2>
        <div class="plots">
          {plots.slice(0, 4).map((plot) => (
            <Plot key={plot.title + plot.unit} {...plot} samples={recent} height={130} />
          ))}
        </div>
      </section>
    </Page>
  );
}

function Attention({ checks, bundles }: { checks: readonly HealthRow[]; bundles: readonly BundleRow[] }) {
  const bad = checks.filter(({ status }) => status !== 'OK');
  const noted = bundles.filter(({ state, note }) => note !== '' || state !== 'ACTIVE');
  const active = bundles.filter(({ state }) => state === 'ACTIVE').length;
  return (
    <>
      {bad.length + noted.length > 0 && (
        <ul class="list">
          {bad.map(({ name, status, message }) => (
            <li key={`check ${name}`}>
              <Chip text={status} /> <a href="/health">{name}</a> <span class="muted">{message}</span>
            </li>
          ))}
          {noted.map(({ name, state, note }) => (
            <li key={`bundle ${name}`}>
              <Chip text={state} tone={state === 'ACTIVE' ? 'middling' : 'neutral'} />{' '}
              <a href={`/bundles/${encodeURIComponent(name)}`}>{name}</a> <span class="muted">{note}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="lead">
        {bad.length + noted.length === 0 && 'Nothing. '}
        {checks.length - bad.length} of {checks.length} health checks are good, {active} of {bundles.length} bundles are
        active.
      </p>
    </>
  );
}
