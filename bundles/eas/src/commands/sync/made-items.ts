import { type Appointment, type ClientChangeResult, type Item, type Message } from '@oxtender/bundle-api';
import {
  type ItemContext,
  addedAttachments,
  conversationElements,
  isSameFile,
  writeAddedAttachment,
} from '../../classes';
import type { CommandCall } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { deviceUid } from '../../uids/device-uid';
import { AirSyncBase, Calendar, type Element, element } from '../../wbxml';
import type { PlannedChange } from './client-changes';

/** A change of the device and how it ended. */
export interface EndedChange {
  readonly planned: PlannedChange;
  readonly result: ClientChangeResult | undefined;
}

/**
 * What the server made of what the device wrote, by ServerId: from 16.0 the answer tells it the UID of a new event, the
 * conversation of a new draft, and the references of its files. [MS-ASCMD] "ApplicationData (Sync)", in Responses.
 */
export async function madeData(
  ended: readonly EndedChange[],
  context: ItemContext,
  { session, signal }: CommandCall,
): Promise<ReadonlyMap<string, readonly Element[]>> {
  const sources = new Map(ended.filter((one) => isToBeTold(one, context)).map((one) => [serverIdOf(one), dataOf(one)]));
  const ids = [...sources.keys()];
  if (ids.length === 0) return new Map();
  const items = await session.fetch(ids, { signal });
  const told = items.flatMap((found) => {
    if (found.error) return [];
    const data = sources.get(found.serverId);
    return data
      ? [[found.serverId, elementsOf(found.item, data, { ...context, serverId: found.serverId })] as const]
      : [];
  });
  return new Map(told);
}

function isToBeTold({ planned, result }: EndedChange, { itemClass, version }: ItemContext): boolean {
  if (!isAtLeast(version, '16.0') || result?.status !== 'done' || !planned.change) return false;
  if (itemClass !== 'Calendar' && itemClass !== 'Email') return false;
  return planned.command.kind === 'add' || hasFiles(planned);
}

function hasFiles({ command }: PlannedChange): boolean {
  return command.kind === 'change' && addedAttachments(command.value.applicationData).length > 0;
}

/** Of the item that a change is about, or made; empty when there is none. */
export function serverIdOf({ planned: { command, change }, result }: EndedChange): string {
  if (command.kind === 'add') return result?.serverId ?? '';
  return change && change.kind !== 'add' ? change.serverId : command.value.serverId;
}

function dataOf({ planned: { command } }: EndedChange): Element | undefined {
  return command.kind === 'delete' ? undefined : command.value.applicationData;
}

function elementsOf(item: Item, sent: Element, context: ItemContext): Element[] {
  const { attachments = [] } = item as Appointment | Message;
  const files = addedAttachments(sent).flatMap((added) => {
    const stored = attachments.find((one) => isSameFile(one, added));
    return (stored && writeAddedAttachment(added.clientId, stored, context)) ?? [];
  });
  return [
    ...(context.itemClass === 'Calendar' ? uidOf(item as Appointment) : conversationElements(item as Message)),
    ...(files.length === 0 ? [] : [element(AirSyncBase.Attachments, files)]),
  ];
}

function uidOf({ uid }: Appointment): Element[] {
  return uid === undefined ? [] : [element(Calendar.UID, deviceUid(uid))];
}
