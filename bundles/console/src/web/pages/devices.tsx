import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import type { DevicePage as DeviceList, DeviceRow } from '../../api/device-page';
import { part } from '../api';
import { ago } from '../format';
import { Chip } from '../parts/chip';
import { type Column, DataTable } from '../parts/data-table';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

const columns: readonly Column<DeviceRow>[] = [
  { title: 'User', cell: ({ user }) => user },
  { title: 'Device', cell: (row) => <a href={pathOf(row)}>{row.device}</a> },
  { title: 'Type', cell: ({ type }) => type || '–' },
  { title: 'Protocol', cell: ({ protocol }) => protocol },
  { title: 'Access', cell: ({ access }) => <Chip text={access} /> },
  { title: 'Wipe', cell: ({ wipe }) => (wipe === '' ? '–' : <Chip text={wipe} tone="middling" />) },
  { title: 'Last seen', cell: ({ lastSeen }) => ago(lastSeen) },
];

const choices = [
  ['', 'all'],
  ['allowed', 'allowed'],
  ['blocked', 'blocked'],
  ['quarantined', 'quarantined'],
  ['wipe', 'to be wiped, or wiped'],
] as const;

export function DevicesPage() {
  const { query, route, path } = useLocation();
  const { search = '', access = '', page = '0' } = query;
  const [typed, setTyped] = useState(search);
  const go = (wanted: Record<string, string>): void => route(`${path}?${new URLSearchParams(wanted).toString()}`, true);
  useEffect(() => {
    if (typed === search) return undefined;
    const timer = setTimeout(() => go({ search: typed, access }), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const data = useData<DeviceList>(`/devices?${new URLSearchParams({ search, access, page }).toString()}`, ['bundles']);
  return (
    <Page title="Devices" lead="Those that synchronise, the last seen first.">
      <div class="filters">
        <label class="field search">
          Find a user, a device or a type
          <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <label class="field">
          Access
          <select value={access} onChange={(event) => go({ search, access: event.currentTarget.value })}>
            {choices.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded data={data}>
        {(list) => (
          <>
            <DataTable
              caption="Devices"
              columns={columns}
              rows={list.rows}
              keyOf={(row) => pathOf(row)}
              empty={list.total === 0 ? 'No device has synchronised yet.' : 'No device matches.'}
            />
            <Pages list={list} onPage={(number) => go({ search, access, page: String(number) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Pages({ list: { found, page, pageSize }, onPage }: { list: DeviceList; onPage: (page: number) => void }) {
  const first = page * pageSize;
  const last = Math.min(found, first + pageSize);
  if (found === 0) return null;
  return (
    <p class="pages">
      <span>
        {first + 1} to {last} of {found}
      </span>
      <button type="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Before
      </button>
      <button type="button" disabled={last >= found} onClick={() => onPage(page + 1)}>
        Next
      </button>
    </p>
  );
}

const pathOf = ({ protocol, user, device }: DeviceRow): string =>
  `/devices/${part(protocol)}/${part(user)}/${part(device)}`;
