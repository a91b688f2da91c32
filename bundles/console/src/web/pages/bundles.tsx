import { useIsAdmin } from '../context';
import { ago } from '../format';
import type { BundleRow } from '../model';
import { Chip } from '../parts/chip';
import { type Column, DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';
import { BundleAction, verbsFor } from './bundle-actions';

const columns: readonly Column<BundleRow>[] = [
  {
    title: 'Bundle',
    cell: ({ name }) => <a href={`/bundles/${encodeURIComponent(name)}`}>{name}</a>,
    sort: ({ name }) => name,
  },
  { title: 'State', cell: (row) => <BundleState {...row} />, sort: ({ state }) => state },
  { title: 'Note', cell: ({ note }) => note, class: 'wide' },
  { title: 'Version', cell: ({ version }) => version, sort: ({ version }) => version },
  { title: 'Level', cell: ({ level }) => level, sort: ({ level }) => level, class: 'number' },
  {
    title: 'Started',
    cell: ({ started }) => (started === null ? '–' : ago(started)),
    sort: ({ started }) => started ?? '',
  },
];

export function BundlesPage() {
  const data = useData<BundleRow[]>('/bundles', ['bundles', 'configurations']);
  const actions: Column<BundleRow> = {
    title: 'Actions',
    class: 'actions',
    cell: (row) =>
      verbsFor(row).map((verb) => <BundleAction key={verb} verb={verb} name={row.name} onDone={data.reload} />),
  };
  const isAdmin = useIsAdmin();
  return (
    <Page title="Bundles" lead="The parts that the host is made of. What uses a stopped one waits until it is back.">
      <Loaded data={data}>
        {(rows) => (
          <DataTable
            caption="Bundles and their states"
            columns={isAdmin ? [...columns, actions] : columns}
            rows={rows}
            keyOf={({ id }) => id}
            empty="No bundle is installed."
          />
        )}
      </Loaded>
    </Page>
  );
}

export function BundleState({ state, note }: { state: string; note: string }) {
  if (note.startsWith('disabled')) return <Chip text="disabled" tone="neutral" />;
  if (state === 'RESOLVED') return <Chip text="stopped" tone="neutral" />;
  return <Chip text={state.toLowerCase()} tone={state === 'ACTIVE' && note === '' ? 'good' : 'middling'} />;
}
