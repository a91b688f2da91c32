import { useState } from 'preact/hooks';
import { valueText } from '../format';
import type { RouteRow, ServiceRow } from '../model';
import { Chip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

export function ServicesPage() {
  const services = useData<ServiceRow[]>('/services', ['bundles', 'configurations']);
  const routes = useData<RouteRow[]>('/routes', ['bundles', 'configurations']);
  const [wanted, setWanted] = useState('');
  const matches = (row: ServiceRow): boolean =>
    [...row.service, row.bundle, ...row.usedBy].some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Page title="Services" lead="What bundles offer each other in the registry, and which paths they serve.">
      <label class="field search">
        Find a service or a bundle
        <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <Loaded data={services}>
        {(rows) => (
          <DataTable
            caption="Services in the registry"
            rows={rows.filter(matches)}
            keyOf={({ id }) => id}
            empty="No service matches."
            columns={[
              { title: 'Id', cell: ({ id }) => id, sort: ({ id }) => id, class: 'number' },
              { title: 'Service', cell: ({ service }) => service.join(', '), sort: ({ service }) => service.join() },
              { title: 'Bundle', cell: ({ bundle }) => bundle, sort: ({ bundle }) => bundle },
              { title: 'Used by', cell: ({ usedBy }) => valueText(usedBy) },
              { title: 'Ranking', cell: ({ ranking }) => ranking, class: 'number' },
              { title: 'Properties', cell: ({ properties }) => valueText(properties), class: 'wide small' },
            ]}
          />
        )}
      </Loaded>
      <h2>Routes</h2>
      <Loaded data={routes}>
        {(rows) => (
          <DataTable
            caption="Paths that are served"
            rows={rows}
            keyOf={({ path, bundle, routes: each }) => `${bundle} ${path} ${each.join()}`}
            empty="No path is served."
            columns={[
              { title: 'Path', cell: ({ path }) => path, sort: ({ path }) => path },
              { title: 'Bundle', cell: ({ bundle }) => bundle, sort: ({ bundle }) => bundle },
              { title: 'State', cell: ({ state }) => <Chip text={state} />, sort: ({ state }) => state },
              { title: 'In flight', cell: ({ inFlight }) => inFlight, class: 'number' },
              { title: 'Why', cell: ({ reason }) => reason ?? '–', class: 'wide' },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
