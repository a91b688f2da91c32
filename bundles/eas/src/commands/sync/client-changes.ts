import { createHash } from 'node:crypto';
import { type ClientChange, type ClientChangeResult, type ItemClass, isOxtenderError } from '@oxtender/bundle-api';
import type { ItemContext } from '../../classes';
import { readChange, readNewItem } from '../../classes';
import { isAtLeast } from '../../protocol/versions';
import { AirSync, AirSyncBase, type Element, element, encode } from '../../wbxml';
import { formatCompactDateTime } from '../../values/date-time';
import type { CollectionRequest, SyncCommand } from './request';
import { isSms, smsServerId } from './sms';
import { SyncStatus } from './status';

type Writing = Exclude<SyncCommand, { kind: 'fetch' }>;

/** A command of the device: what the engine is to do; or how it ends without the engine, with the id of what it made. */
export type PlannedChange =
  | { readonly command: Writing; readonly change: ClientChange }
  | { readonly command: Writing; readonly change?: undefined; readonly status: number; readonly serverId?: string };

const statusOfResult: Record<ClientChangeResult['status'], number> = {
  done: SyncStatus.Success,
  conflict: SyncStatus.Conflict,
  'not-found': SyncStatus.NotFound,
  invalid: SyncStatus.ConversionFailed,
  'no-space': SyncStatus.NoSpace,
  forbidden: SyncStatus.ConversionFailed,
  failed: SyncStatus.Retry,
};

/** What the device's commands mean for the engine, in document order. */
export function planChanges(request: CollectionRequest, itemClass: ItemClass, context: ItemContext): PlannedChange[] {
  return request.commands
    .filter((command): command is Writing => command.kind !== 'fetch')
    .map((command) => {
      if (isSms(command)) return dropped(command, request);
      try {
        return { command, change: clientChange(command, request, itemClass, context) };
      } catch (error) {
        if (!isOxtenderError(error)) throw error;
        context.log.info('item of the device refused', { kind: command.kind, reason: error.message });
        return { command, status: SyncStatus.ConversionFailed };
      }
    });
}

function dropped(command: Writing, request: CollectionRequest): PlannedChange {
  const made = command.kind === 'add' ? { serverId: smsServerId(request, command.value.clientId) } : {};
  return { command, status: SyncStatus.Success, ...made };
}

function clientChange(
  command: Writing,
  { deletesAsMoves }: CollectionRequest,
  itemClass: ItemClass,
  context: ItemContext,
): ClientChange {
  switch (command.kind) {
    case 'add':
      return {
        kind: 'add',
        clientId: command.value.clientId,
        item: readNewItem(itemClass, command.value.applicationData, context),
        // From 16.0 the answer tells the UID. [MS-ASCAL] "UID"
        ...(itemClass === 'Calendar' && !isAtLeast(context.version, '16.0') ? { awaited: ['uid'] } : {}),
      };
    case 'change':
      return {
        kind: 'change',
        serverId: command.value.serverId,
        patch: readChange(itemClass, command.value.applicationData, context, command.value.instanceId),
        fingerprint: fingerprintOf(command.value.applicationData),
        ...occurrence(command.value.instanceId),
      };
    case 'delete':
      return {
        kind: 'delete',
        serverId: command.value.serverId,
        mode: deletesAsMoves ? 'trash' : 'permanent',
        ...occurrence(command.value.instanceId),
      };
  }
}

/** The same text for the same bytes: tells a repeat from a new change. */
function fingerprintOf(applicationData: Element): string {
  return createHash('sha1').update(encode(applicationData)).digest('base64url');
}

function occurrence(instanceId: number | undefined): { occurrence?: number } {
  return instanceId === undefined ? {} : { occurrence: instanceId };
}

/**
 * The element that tells how a change ended, if the device must be told. [MS-ASCMD] "Responses (Sync)": an Add always,
 * a Change or Delete only when it failed, or when there is something to tell of what it made.
 *
 * @param made - elements of ApplicationData for the device
 */
export function responseTo(
  planned: PlannedChange,
  result: ClientChangeResult | undefined,
  made: readonly Element[] = [],
): Element | undefined {
  const { command } = planned;
  const { status, serverId: id } = planned.change
    ? { status: statusOfResult[result?.status ?? 'failed'], serverId: result?.serverId }
    : planned;
  const data = made.length === 0 ? undefined : element(AirSync.ApplicationData, made);
  if (command.kind === 'add') {
    return element(
      AirSync.Add,
      element(AirSync.ClientId, command.value.clientId),
      id === undefined ? undefined : element(AirSync.ServerId, id),
      element(AirSync.Status, status),
      data,
    );
  }
  if (status === SyncStatus.Success && data === undefined) return undefined;
  const { serverId, instanceId } = command.value;
  return element(
    command.kind === 'change' ? AirSync.Change : AirSync.Delete,
    element(AirSync.ServerId, serverId),
    instanceId === undefined ? undefined : element(AirSyncBase.InstanceId, formatCompactDateTime(instanceId)),
    element(AirSync.Status, status),
    data,
  );
}
