import { timeText } from '../format';
import type { AuditRow } from '../model';
import { DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

export function AuditPage() {
  const data = useData<AuditRow[]>('/audit', ['bundles', 'configurations']);
  return (
    <Page
      title="Audit trail"
      lead="Who changed what, on the command line or here, the newest first. Each entry is chained to the one before."
    >
      <Loaded data={data}>
        {(rows) => (
          <DataTable
            caption="Audit trail"
            rows={rows.map((row, index) => ({ ...row, index }))}
            keyOf={({ index }) => index}
            empty="Nobody has changed anything yet."
            columns={[
              { title: 'Time', cell: ({ time }) => (time === '' ? '–' : timeText(time)) },
              { title: 'Who', cell: ({ user }) => user },
              { title: 'What', cell: ({ command }) => <code>{command}</code>, class: 'wide' },
              {
                title: 'Outcome',
                cell: ({ outcome }) => (outcome === 'done' ? outcome : <span class="wrong">{outcome}</span>),
                class: 'wide',
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
