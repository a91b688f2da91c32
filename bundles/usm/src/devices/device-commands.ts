import {
  type CommandCall,
  type CommandParameter,
  type ConsoleCommand,
  DeviceError,
  type DeviceKey,
  type DeviceRecord,
  type DeviceRegistry,
  type WipeKind,
} from '@oxtender/bundle-api';

const device: CommandParameter = { name: 'device', description: 'id of the device', required: true };
const collection: CommandParameter = {
  name: 'collection',
  description: 'id of the folder on the device, for example F7',
};
const selection: readonly CommandParameter[] = [
  { name: 'user', description: 'only of this user, by login name' },
  { name: 'protocol', description: 'only of this protocol, for example eas' },
  { name: 'context', description: 'only of this context', type: 'number' },
];
const reason: CommandParameter = { name: 'reason', description: 'why, for people' };

/** `oxtender devices …` */
export function deviceCommands(registry: DeviceRegistry): ConsoleCommand[] {
  return [
    {
      name: 'devices list',
      description: 'Devices that synchronise, and when they did last',
      options: selection,
      run: async (call) => (await registry.list(queryOf(call))).map(toRow),
    },
    {
      name: 'devices show',
      description: 'All that is known of a device',
      args: [device],
      options: selection,
      run: async (call) => toDetails(await theDevice(registry, call)),
    },
    ...(['allow', 'block', 'quarantine'] as const).map((verb) => accessCommand(registry, verb)),
    wipeCommand(registry),
    {
      ...onDevice(registry, (key, { args }) => registry.resync(key, args[1])),
      name: 'devices resync',
      description: 'Forgets what a device has of one folder, or of all: it starts again',
      args: [device, collection],
    },
    {
      ...onDevice(registry, (key) => registry.delete(key)),
      name: 'devices delete',
      description: 'Forgets a device; it is new when it comes back',
    },
    {
      name: 'devices folders',
      description: 'Folders that a device has, and when it was last told of a change in each',
      args: [device],
      options: selection,
      run: async (call) => {
        const folders = await registry.folders(await theDevice(registry, call));
        return folders.map(({ changedAt, ...folder }) => ({
          ...folder,
          changedAt: changedAt === undefined ? '' : timeOf(changedAt),
        }));
      },
    },
    {
      name: 'devices skipped',
      description: 'Items that a device does not get because they fail',
      args: [device],
      options: selection,
      run: async (call) => {
        const skipped = await registry.skippedItems(await theDevice(registry, call));
        return skipped.map((item) => ({ ...item, since: timeOf(item.since) }));
      },
    },
    {
      ...onDevice(registry, (key, { args }) => registry.resend(key, args[1] ?? '', args[2] ?? '')),
      name: 'devices resend',
      description: 'Sends an item again without a resync of its folder',
      args: [
        device,
        { ...collection, required: true },
        { name: 'item', description: "the groupware's id", required: true },
      ],
    },
  ];
}

function accessCommand(registry: DeviceRegistry, verb: 'allow' | 'block' | 'quarantine'): ConsoleCommand {
  const access = { allow: 'allowed', block: 'blocked', quarantine: 'quarantined' } as const;
  const effect = {
    allow: 'Lets a device',
    block: 'Forbids a device to',
    quarantine: 'Has a device wait for consent to',
  };
  return {
    ...onDevice(registry, (key, { options }) => registry.setAccess(key, access[verb], textOf(options['reason']))),
    name: `devices ${verb}`,
    description: `${effect[verb]} synchronise`,
    options: [...selection, reason],
  };
}

function wipeCommand(registry: DeviceRegistry): ConsoleCommand {
  return {
    ...onDevice(registry, (key, { options }) => registry.requestWipe(key, wipeKindOf(options))),
    name: 'devices wipe',
    description: 'Has a device erase itself at its next request',
    options: [
      ...selection,
      { name: 'account', description: "only the account's data (EAS 16.1)", type: 'boolean' },
      { name: 'cancel', description: 'take the wipe back, or clear one that is done', type: 'boolean' },
    ],
  };
}

/** A command that changes one device and prints it. */
function onDevice(
  registry: DeviceRegistry,
  work: (key: DeviceKey, call: CommandCall) => Promise<void>,
): Pick<ConsoleCommand, 'run' | 'preview' | 'args' | 'options'> {
  return {
    args: [device],
    options: selection,
    run: async (call) => {
      const found = await theDevice(registry, call);
      await work(found, call);
      const after = await registry.get(found);
      return after ? toDetails(after) : `device ${found.deviceId} of ${found.login} is forgotten`;
    },
    preview: async (call) => toDetails(await theDevice(registry, call)),
  };
}

/** @throws DeviceError UNKNOWN_DEVICE when there is none, or more than one, of that id */
async function theDevice(registry: DeviceRegistry, call: CommandCall): Promise<DeviceRecord> {
  const [deviceId] = call.args;
  const found = await registry.list({ ...queryOf(call), ...(deviceId !== undefined && { deviceId }) });
  if (found.length === 1 && found[0]) return found[0];
  if (found.length === 0) throw new DeviceError('UNKNOWN_DEVICE', `no device ${deviceId ?? ''} is known`);
  const users = found.map(({ login, protocol }) => `${login} (${protocol})`).join(', ');
  throw new DeviceError(
    'UNKNOWN_DEVICE',
    `several users have a device ${deviceId ?? ''}: name one with --user; ${users}`,
  );
}

function queryOf({ options }: CommandCall): Parameters<DeviceRegistry['list']>[0] & {} {
  const { user, protocol, context } = options;
  return {
    ...(typeof user === 'string' && { login: user }),
    ...(typeof protocol === 'string' && { protocol }),
    ...(typeof context === 'number' && { contextId: context }),
  };
}

function wipeKindOf({ account, cancel }: CommandCall['options']): WipeKind | undefined {
  if (cancel === true) return undefined;
  return account === true ? 'account' : 'full';
}

function toRow({ login, protocol, deviceId, type, access, lastSeen, wipe }: DeviceRecord): Record<string, unknown> {
  return { user: login, protocol, device: deviceId, type, access, wipe: wipe?.state ?? '', lastSeen: timeOf(lastSeen) };
}

function toDetails(record: DeviceRecord): Record<string, unknown> {
  const { wipe, information, firstSeen, lastSeen, ...rest } = record;
  return {
    ...rest,
    firstSeen: timeOf(firstSeen),
    lastSeen: timeOf(lastSeen),
    ...(wipe && { wipe: wipe.kind, wipeState: wipe.state, wipeChangedAt: timeOf(wipe.changedAt) }),
    ...information,
  };
}

function timeOf(instant: number): string {
  return new Date(instant).toISOString();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
