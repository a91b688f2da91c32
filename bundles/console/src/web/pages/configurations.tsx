import type { ConfigurationRow } from '../model';
import { Chip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

const meanings: Readonly<Record<string, string>> = { file: 'from its file', defaults: 'defaults', refused: 'refused' };

export function ConfigurationsPage() {
  const data = useData<ConfigurationRow[]>('/configurations', ['configurations', 'bundles']);
  return (
    <Page title="Configuration" lead="One file each, read live: what is saved here is written there, comments stay.">
      <Loaded data={data}>
        {(rows) => (
          <DataTable
            caption="Configurations"
            rows={rows}
            keyOf={({ pid }) => pid}
            empty="There is no configuration."
            columns={[
              {
                title: 'Configuration',
                cell: ({ pid }) => <a href={`/configurations/${encodeURIComponent(pid)}`}>{pid}</a>,
                sort: ({ pid }) => pid,
              },
              { title: 'Bundle', cell: ({ bundle }) => bundle || '–', sort: ({ bundle }) => bundle },
              {
                title: 'Values',
                cell: ({ state }) => (
                  <Chip text={meanings[state] ?? state} tone={state === 'refused' ? 'bad' : 'neutral'} />
                ),
                sort: ({ state }) => state,
              },
              { title: 'Why', cell: ({ reason }) => reason || '–', class: 'wide' },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
