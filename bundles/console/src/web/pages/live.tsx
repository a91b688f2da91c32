import { useMemo, useState } from 'preact/hooks';
import { plots } from '../live/plots';
import { figure, timeText } from '../format';
import type { Sample } from '../model';
import { DataTable } from '../parts/data-table';
import { Page } from '../parts/page';
import { Plot } from '../parts/plot';
import { useSamples } from '../use-data';

const spans = [5, 15, 60] as const;

export function LivePage() {
  const samples = useSamples();
  const [minutes, setMinutes] = useState<number>(15);
  const shown = useMemo(() => {
    const from = (samples.at(-1)?.time ?? 0) - minutes * 60_000;
    return samples.filter(({ time }) => time >= from);
  }, [samples, minutes]);
  return (
    <Page
      title="Live view"
      lead={samples.length === 0 ? 'The first figures come within seconds.' : 'As it happens, on this host.'}
      actions={
        <div class="choice" role="group" aria-label="Time shown">
          {spans.map((span) => (
            <button key={span} type="button" aria-pressed={span === minutes} onClick={() => setMinutes(span)}>
              {span} min
            </button>
          ))}
        </div>
      }
    >
      <div class="plots">
        {plots.map((plot) => (
          <Plot key={plot.title + plot.unit} {...plot} samples={shown} />
        ))}
      </div>
      <details class="figures">
        <summary>The last figures as a table</summary>
        <FigureTable samples={samples.slice(-12).reverse()} />
      </details>
    </Page>
  );
}

function FigureTable({ samples }: { samples: readonly Sample[] }) {
  const lines = plots.flatMap(({ title, lines: each }) =>
    each.map((line) => ({ ...line, name: `${title}: ${line.title}` })),
  );
  return (
    <DataTable<Sample>
      caption="The last figures"
      rows={samples}
      keyOf={({ time }) => time}
      empty="No figures yet."
      columns={[
        { title: 'Time', cell: ({ time }) => timeText(time).slice(11) },
        ...lines.map(({ figure: key, name }) => ({
          title: name,
          class: 'number',
          cell: ({ figures }: Sample) => figure(figures[key]),
        })),
      ]}
    />
  );
}
