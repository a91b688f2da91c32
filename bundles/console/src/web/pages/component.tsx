import { part } from '../api';
import { useIsAdmin } from '../context';
import { valueText } from '../format';
import type { ComponentDetails } from '../model';
import { ActionButton } from '../parts/action-button';
import { Chip } from '../parts/chip';
import { Consequences } from '../parts/consequences';
import { DataTable } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

type Reference = ComponentDetails['references'][number];

export function ComponentPage({ name = '' }: { name?: string }) {
  const data = useData<ComponentDetails[]>(`/components/${part(name)}`, ['bundles', 'configurations']);
  const isAdmin = useIsAdmin();
  const verb = data.value?.some(({ state }) => state === 'disabled') === true ? 'enable' : 'disable';
  return (
    <Page
      title={name}
      above={[['/components', 'Components']]}
      actions={
        isAdmin && data.value ? (
          <ActionButton<{ text?: string }>
            label={verb === 'enable' ? 'Enable' : 'Disable'}
            question={`${verb === 'enable' ? 'Enable' : 'Disable'} ${name} until its bundle restarts?`}
            path={`/components/${part(name)}/${verb}`}
            tone={verb === 'disable' ? 'danger' : 'plain'}
            done={`${name} is ${verb}d.`}
            onDone={data.reload}
          >
            {({ text }) => <Consequences text={text} />}
          </ActionButton>
        ) : undefined
      }
    >
      <Loaded data={data}>
        {(found) => found.map((component) => <Details key={component.bundle} component={component} />)}
      </Loaded>
    </Page>
  );
}

function Details({
  component: { bundle, state, reason, provides, pids, references },
}: {
  component: ComponentDetails;
}) {
  return (
    <>
      <Facts
        of={[
          ['State', <Chip key="state" text={state} />],
          ['Why', reason ?? '–'],
          [
            'Bundle',
            <a key="bundle" href={`/bundles/${encodeURIComponent(bundle)}`}>
              {bundle}
            </a>,
          ],
          ['Provides', valueText(provides)],
          ['Configuration', valueText(pids)],
        ]}
      />
      <h2>References</h2>
      <DataTable<Reference>
        caption="Services that the component refers to"
        rows={references}
        keyOf={({ name }) => name}
        empty="It needs no services."
        columns={[
          { title: 'Service', cell: ({ service }) => service, class: 'wide' },
          {
            title: 'State',
            cell: ({ satisfied }) => (
              <Chip text={satisfied ? 'satisfied' : 'missing'} tone={satisfied ? 'good' : 'middling'} />
            ),
          },
          { title: 'Cardinality', cell: ({ cardinality }) => cardinality },
          { title: 'Policy', cell: ({ policy }) => policy },
          { title: 'Comes nearest', cell: ({ candidates }) => valueText(candidates), class: 'wide' },
        ]}
      />
    </>
  );
}
