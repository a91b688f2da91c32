import { createHash } from 'node:crypto';
import type { CollectionRequest, SyncCommand } from './request';

/** Class of short messages, which live in mail folders. [MS-ASMS]. */
const smsClass = 'SMS';

/** Ids of the engine begin with that of their collection, never so. */
const prefix = 'SMS-';

/**
 * A short message, which some devices send although none was asked for (horde/ActiveSync, CHANGES 2.6.0, 2.8.0). It is
 * taken and dropped: to refuse it makes the device send it again and again.
 */
export function isSms(command: SyncCommand): boolean {
  if ('class' in command.value && command.value.class === smsClass) return true;
  return command.kind !== 'add' && command.value.serverId.startsWith(prefix);
}

/** The id that a dropped message is given: the same for a repeat. */
export function smsServerId({ collectionId }: CollectionRequest, clientId: string): string {
  const hash = createHash('sha1').update(`${collectionId} ${clientId}`).digest('hex');
  return `${prefix}${hash.slice(0, 16)}`;
}
