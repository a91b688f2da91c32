import type { ApiCall, ApiRoute } from './api-call';
import { dryRunSchema } from './dry-run';

type Scalar = string | number | boolean;

interface ConfigurationChange {
  readonly dryRun: boolean;
  /** Keys left out stay as they are: what is secret is never sent back. */
  readonly set: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  /** Keys that are taken out of the file: their defaults count then. */
  readonly unset: readonly string[];
}

const scalar = { type: ['string', 'number', 'boolean'] };
const key = { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,200}$' };
/** An item of an array stands on a line with the others. */
const item = { anyOf: [{ type: 'string', pattern: '^[^\\r\\n]*$' }, { type: ['number', 'boolean'] }] };

const body = {
  type: 'object',
  properties: {
    ...dryRunSchema,
    set: {
      type: 'object',
      propertyNames: key,
      additionalProperties: { anyOf: [scalar, { type: 'array', items: item }] },
    },
    unset: { type: 'array', items: key },
  },
  required: ['dryRun', 'set', 'unset'],
  additionalProperties: false,
};

export const configurationRoutes: readonly ApiRoute[] = [
  { method: 'get', path: '/configurations', role: 'read', handle: ({ operator }) => operator.result('config list') },
  { method: 'get', path: '/configurations/:pid', role: 'read', handle: showConfiguration },
  { method: 'post', path: '/configurations/:pid', role: 'admin', body, handle: changeConfiguration },
];

interface ListedConfiguration {
  readonly pid: string;
}

async function showConfiguration(call: ApiCall): Promise<object> {
  const pid = call.name('pid');
  const { operator } = call;
  const [all, file, schema, values] = await Promise.all([
    operator.result<ListedConfiguration[]>('config list'),
    operator.result<string>('config path', [pid]),
    operator.result<object>('config schema', [pid]).catch(() => null),
    operator.result<object[]>('config get', [pid]).catch(() => null),
  ]);
  return { ...all.find((each) => each.pid === pid), pid, file, schema, values };
}

interface Plan {
  readonly changes: object[];
}

/** All at once. @returns what changes, key by key; before that, with what would go for it */
async function changeConfiguration(call: ApiCall): Promise<object> {
  const pid = call.name('pid');
  const { dryRun, set, unset } = call.body as ConfigurationChange;
  const assignments = Object.entries(set).map(([name, value]) => `${name}=${written(value)}`);
  const options = unset.length > 0 ? { reset: unset } : {};
  const { result, text } = await call.operator.run('config set', [pid, ...assignments], { options, dryRun });
  if (!dryRun) return { changes: result as object[] };
  const { changes = [] } = (result ?? {}) as Partial<Plan>;
  // A line for each change comes first: here they are a table.
  return { changes, text: text?.split('\n').slice(changes.length).join('\n') };
}

/** As `config set` reads it: an array has commas between its items. */
function written(value: Scalar | readonly Scalar[]): string {
  if (typeof value !== 'object') return String(value);
  return value.map((one) => String(one).replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(', ');
}
