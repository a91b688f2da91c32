import type { HealthRow } from '../model';
import { Chip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

/** Worst first. */
const order = ['HEALTH_CHECK_ERROR', 'CRITICAL', 'TEMPORARILY_UNAVAILABLE', 'WARN', 'OK'];

export function HealthPage() {
  const data = useData<HealthRow[]>('/health', ['health', 'bundles', 'configurations']);
  return (
    <Page
      title="Health"
      lead="What the host and its bundles find out about themselves."
      actions={
        <button type="button" onClick={data.reload}>
          Check again
        </button>
      }
    >
      <Loaded data={data}>
        {(rows) => (
          <DataTable
            caption="Health checks"
            rows={[...rows].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))}
            keyOf={({ name, bundle }) => `${bundle} ${name}`}
            empty="There are no checks."
            columns={[
              {
                title: 'Status',
                cell: ({ status }) => <Chip text={status} />,
                sort: ({ status }) => order.indexOf(status),
              },
              { title: 'Check', cell: ({ name }) => name, sort: ({ name }) => name },
              {
                title: 'Bundle',
                cell: ({ bundle }) => bundle.replace(/^oxtender\./, ''),
                sort: ({ bundle }) => bundle,
              },
              { title: 'Finding', cell: ({ message }) => message ?? '–', class: 'wide' },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
