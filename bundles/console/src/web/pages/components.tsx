import type { ComponentRow } from '../model';
import { Chip } from '../parts/chip';
import { type Column, DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

const columns: readonly Column<ComponentRow>[] = [
  {
    title: 'Component',
    cell: ({ name }) => <a href={`/components/${encodeURIComponent(name)}`}>{name}</a>,
    sort: ({ name }) => name,
  },
  {
    title: 'Bundle',
    cell: ({ bundle }) => <a href={`/bundles/${encodeURIComponent(bundle)}`}>{bundle}</a>,
    sort: ({ bundle }) => bundle,
  },
  { title: 'State', cell: ({ state }) => <Chip text={state} />, sort: ({ state }) => state },
  { title: 'Provides', cell: ({ provides }) => provides.join(', ') || '–' },
  { title: 'Why', cell: ({ reason }) => reason ?? '–', class: 'wide' },
];

export function ComponentTable({ rows }: { rows: readonly ComponentRow[] }) {
  return (
    <DataTable
      caption="Components and their states"
      columns={columns}
      rows={rows}
      keyOf={({ name, bundle }) => `${bundle} ${name}`}
      empty="It has no components."
    />
  );
}

export function ComponentsPage() {
  const data = useData<ComponentRow[]>('/components', ['bundles', 'configurations']);
  return (
    <Page title="Components" lead="The parts of the bundles: active when all that they need is there.">
      <Loaded data={data}>{(rows) => <ComponentTable rows={rows} />}</Loaded>
    </Page>
  );
}
