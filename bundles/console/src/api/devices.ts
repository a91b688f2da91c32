import { ConsoleError } from '../console-error';
import type { ApiCall, ApiRoute } from './api-call';
import type { DevicePage, DeviceRow } from './device-page';
import { dryRunSchema } from './dry-run';

/** Rows of one page of the list. */
const pageSize = 50;

interface DeviceAction {
  readonly dryRun: boolean;
  readonly reason?: string;
  readonly collection?: string;
  readonly item?: string;
}

const text = { type: 'string', minLength: 1, maxLength: 500, pattern: '^[^\\r\\n]*$' };

interface Verb {
  readonly path: string;
  readonly command: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What goes with it, beside `dryRun`. */
  readonly given?: readonly ('reason' | 'collection' | 'item')[];
  readonly demanded?: readonly ('collection' | 'item')[];
}

const verbs: readonly Verb[] = [
  { path: 'allow', command: 'devices allow', given: ['reason'] },
  { path: 'block', command: 'devices block', given: ['reason'] },
  { path: 'quarantine', command: 'devices quarantine', given: ['reason'] },
  { path: 'wipe', command: 'devices wipe' },
  { path: 'wipe-account', command: 'devices wipe', options: { account: true } },
  { path: 'cancel-wipe', command: 'devices wipe', options: { cancel: true } },
  { path: 'resync', command: 'devices resync', given: ['collection'] },
  { path: 'resend', command: 'devices resend', given: ['collection', 'item'], demanded: ['collection', 'item'] },
  { path: 'delete', command: 'devices delete' },
];

const device = '/devices/:protocol/:user/:device';

export const deviceRoutes: readonly ApiRoute[] = [
  { method: 'get', path: '/devices', role: 'read', handle: listDevices },
  { method: 'get', path: device, role: 'read', handle: showDevice },
  ...verbs.map(({ path, command, options, given = [], demanded = [] }): ApiRoute => ({
    method: 'post',
    path: `${device}/${path}`,
    role: 'admin',
    body: {
      type: 'object',
      properties: { ...dryRunSchema, ...Object.fromEntries(given.map((name) => [name, text])) },
      required: ['dryRun', ...demanded],
      additionalProperties: false,
    },
    handle: (call) => {
      const { dryRun, reason, collection, item } = call.body as DeviceAction;
      const { args, options: whose } = deviceOf(call);
      const more = [collection, item].filter((one) => one !== undefined);
      const all = { ...whose, ...options, ...(reason !== undefined && { reason }) };
      return call.operator.run(command, [...args, ...more], { options: all, dryRun });
    },
  })),
];

/** One page of those that match: `search` in user, id or type; `access`, or `wipe` for those that are to be wiped. */
async function listDevices(call: ApiCall): Promise<DevicePage> {
  const rows = await call.operator.result<DeviceRow[]>('devices list');
  const wanted = call.query('search').trim().toLowerCase();
  const access = call.query('access');
  const found = rows.filter(
    (row) =>
      [row.user, row.device, row.type].some((each) => each.toLowerCase().includes(wanted)) &&
      (access === '' || row.access === access || (access === 'wipe' && row.wipe !== '')),
  );
  found.sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1));
  const page = Math.max(0, Number.parseInt(call.query('page'), 10) || 0);
  return {
    total: rows.length,
    found: found.length,
    page,
    pageSize,
    rows: found.slice(page * pageSize, (page + 1) * pageSize),
  };
}

async function showDevice(call: ApiCall): Promise<object> {
  const { args, options } = deviceOf(call);
  const [details, folders, skipped] = await Promise.all(
    ['devices show', 'devices folders', 'devices skipped'].map((command) =>
      call.operator.result<object>(command, args, { options }),
    ),
  );
  return { device: details, folders, skipped };
}

/** @throws ConsoleError INVALID */
function deviceOf({ context: { params } }: ApiCall): { args: string[]; options: Record<string, unknown> } {
  const { protocol = '', user = '', device: id = '' } = params;
  // eslint-disable-next-line no-control-regex -- whatever a device calls itself, but no line ends in an audit trail
  if ([protocol, user, id].some((part) => part === '' || /[\x00-\x1f]/.test(part)))
    throw new ConsoleError('INVALID', 'no such device');
  return { args: [id], options: { user, protocol } };
}
