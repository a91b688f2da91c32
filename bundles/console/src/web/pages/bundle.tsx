import { part } from '../api';
import { useIsAdmin } from '../context';
import { timeText, valueText } from '../format';
import type { BundleDetails } from '../model';
import { Facts } from '../parts/facts';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';
import { BundleAction, verbsFor, type BundleVerb } from './bundle-actions';
import { BundleState } from './bundles';
import { ComponentTable } from './components';

export function BundlePage({ name = '' }: { name?: string }) {
  const data = useData<BundleDetails>(`/bundles/${part(name)}`, ['bundles', 'configurations']);
  const isAdmin = useIsAdmin();
  const { value } = data;
  return (
    <Page
      title={name}
      above={[['/bundles', 'Bundles']]}
      actions={
        isAdmin && value
          ? allVerbs(value).map((verb) => <BundleAction key={verb} verb={verb} name={name} onDone={data.reload} />)
          : undefined
      }
      lead={value && valueText(value.info['description'])}
    >
      <Loaded data={data}>{(bundle) => <Details bundle={bundle} />}</Loaded>
    </Page>
  );
}

function allVerbs(bundle: BundleDetails): readonly BundleVerb[] {
  const isActive = bundle.state === 'ACTIVE';
  return [
    ...verbsFor(bundle),
    ...(isActive ? (['restart', 'update'] as const) : []),
    ...(bundle.info['previousVersion'] === undefined ? [] : (['rollback'] as const)),
    ...(bundle.note.startsWith('disabled') ? [] : (['disable'] as const)),
  ];
}

function Details({ bundle }: { bundle: BundleDetails }) {
  const { info, explanation, components, started } = bundle;
  const pids = (info['configuration'] ?? []) as readonly string[];
  return (
    <>
      <section aria-labelledby="why">
        <h2 id="why">
          State <BundleState {...bundle} />
        </h2>
        <pre class="why">{explanation}</pre>
      </section>
      <section aria-labelledby="facts">
        <h2 id="facts">Facts</h2>
        <Facts
          of={[
            ['Symbolic name', bundle.symbolicName],
            ['Version', bundle.version],
            ['Version before', valueText(info['previousVersion'])],
            ['Started', started === null ? '–' : timeText(started)],
            ['After a restart', bundle.autostart === 'stopped' ? 'stays stopped' : 'starts'],
            ['Start level', bundle.level],
            ['Location', valueText(info['location'])],
            ['Times', valueText(info['timings'])],
            ['Last error', valueText(info['lastError'])],
            ['Provides', valueText(info['provides'])],
            ['Uses', valueText(info['uses'])],
            ['Routes', valueText(info['routes'])],
            [
              'Configuration',
              pids.length === 0
                ? '–'
                : pids.map((pid) => (
                    <a key={pid} href={`/configurations/${encodeURIComponent(pid)}`}>
                      {pid}
                    </a>
                  )),
            ],
          ]}
        />
      </section>
      <section aria-labelledby="components">
        <h2 id="components">Components</h2>
        <ComponentTable rows={components} />
      </section>
    </>
  );
}
