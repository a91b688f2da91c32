import { oxError } from '../envelope/ox-error';
import type { Imitation } from '../options';
import { toZoned } from '../store/zone';
import type { Call } from './call';
import type { Module } from './module';

type Read = (call: Call) => unknown;

const mailFolder =
  (standard: number): Read =>
  ({ context, user }) =>
    context.mailFolders.standard(user.id, standard).path;

const folder =
  (standard: number): Read =>
  (call) => {
    const id = call.context.folders.standard(call.user.id, standard)?.id;
    return id;
  };

const mailFolders: Readonly<Record<string, Read>> = {
  inbox: mailFolder(7),
  drafts: mailFolder(9),
  sent: mailFolder(10),
  spam: mailFolder(11),
  trash: mailFolder(12),
};

const always =
  (value: unknown): Read =>
  () =>
    value;

const versions: Readonly<Record<Imitation, string>> = { '6.x': '6.22.5', '7.10': '7.10.2', '8.x': '8.20.0' };

/** The tree of settings. OX HTTP API, "Module config". */
const tree: Readonly<Record<string, Read>> = {
  identifier: ({ user }) => user.id,
  context_id: ({ context }) => context.id,
  contact_id: ({ user }) => user.contact,
  timezone: ({ user }) => user.timezone,
  language: ({ user }) => user.locale,
  currentTime: (call) => toZoned(call.server.now(), call.viewer.zone),
  reloadTimes: always([0, 300_000, 600_000, 900_000, 1_800_000, 3_600_000]),
  serverVersion: ({ server }) => versions[server.options.imitate],
  minimumSearchCharacters: always(0),
  availableModules: always(['mail', 'calendar', 'contacts', 'tasks']),
  'mail/addresses': ({ user }) => user.aliases,
  'mail/defaultaddress': ({ user }) => user.mail,
  'mail/sendaddress': (call) => stored(call, 'mail/sendaddress') ?? call.user.mail,
  'mail/htmlinline': always(true),
  'folder/tasks': folder(1),
  'folder/calendar': folder(2),
  'folder/contacts': folder(3),
  'folder/infostore': folder(8),
  'folder/eas': ({ server }) => (server.options.allowFolderSelection ? 20 : 0),
  ...Object.fromEntries(Object.entries(mailFolders).map(([name, read]) => [`mail/folder/${name}`, read])),
  ...Object.fromEntries(
    Object.entries(mailFolders).map(([name, read]) => [`modules/mail/defaultFolder/${name}`, read]),
  ),
  ...Object.fromEntries(
    ['mail', 'calendar', 'contacts', 'tasks'].map((name) => [`modules/${name}/module`, always(true)]),
  ),
  'modules/infostore/module': always(false),
  'modules/com.openexchange.usm.eas/module': (call) => stored(call, 'modules/com.openexchange.usm.eas/module') ?? true,
  'modules/olox20/active': always(false),
  'modules/olox20/module': always(false),
  'modules/folder/tree': (call) => stored(call, 'modules/folder/tree') ?? 1,
};

/** Paths that a user may write beside those that the server knows nothing of. */
const writable: Readonly<Record<string, (call: Call, value: unknown) => void>> = {
  timezone: (call, value) => call.context.users.update(call.user.id, { timezone: String(value) }),
  language: (call, value) => call.context.users.update(call.user.id, { locale: String(value) }),
  'mail/sendaddress': (call, value) => store(call, 'mail/sendaddress', value),
  'modules/com.openexchange.usm.eas/module': (call, value) =>
    store(call, 'modules/com.openexchange.usm.eas/module', value),
  'modules/folder/tree': (call, value) => store(call, 'modules/folder/tree', value),
};

/** `config/<path>`: the path is the setting, GET reads and PUT writes. A path with settings below answers all of them. */
export const config: Module = {
  '*': (call) => (call.body.kind === 'bytes' ? write(call) : { data: read(call, call.rest) }),

  get_property: (call) => {
    const name = call.need('name');
    return { data: { name, value: call.context.users.setting(call.user.id, `property/${name}`) ?? null } };
  },

  set_property: (call) => {
    const name = call.need('name');
    const value = call.object()['value'] ?? null;
    call.context.users.setSetting(call.user.id, `property/${name}`, value);
    return { data: { name, value } };
  },
};

function read(call: Call, path: string): unknown {
  const leaf = Object.hasOwn(tree, path) ? tree[path] : undefined;
  const value = leaf ? leaf(call) : subtree(call, path);
  if (value === undefined) throw oxError('CONF-0001', path);
  return value;
}

function subtree(call: Call, path: string): unknown {
  const below = Object.keys(tree).filter((key) => path === '' || key.startsWith(`${path}/`));
  const gui = path === 'gui' ? stored(call, 'gui') : undefined;
  if (below.length === 0) return gui ?? (path === 'gui' ? {} : stored(call, path));
  const root: Record<string, unknown> = {};
  for (const key of below) {
    const steps = key.slice(path === '' ? 0 : path.length + 1).split('/');
    const last = steps.pop() as string;
    let node = root;
    for (const step of steps) node = (node[step] ??= {}) as Record<string, unknown>;
    node[last] = tree[key]?.(call);
  }
  return root;
}

function write(call: Call): { data?: unknown } {
  const path = call.rest;
  const value = call.json();
  const writer = Object.hasOwn(writable, path) ? writable[path] : undefined;
  if (writer) writer(call, value);
  else if (Object.hasOwn(tree, path)) throw oxError('CONF-0002', path);
  else store(call, path, value);
  return {};
}

function stored(call: Call, path: string): unknown {
  return call.context.users.setting(call.user.id, `config/${path}`);
}

function store(call: Call, path: string, value: unknown): void {
  call.context.users.setSetting(call.user.id, `config/${path}`, value);
}
