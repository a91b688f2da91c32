import type { SyncFolder } from '@oxtender/bundle-api';
import type { CommandCall } from '../protocol/command';
import { isAtLeast } from '../protocol/versions';
import { quirksOf } from '../quirks/device-quirks';
import { isDefaultFolder } from './folder-type';

/** The device that folders are offered to. */
export type FolderTaker = Pick<CommandCall, 'version' | 'device'>;

/**
 * Is the folder for this device? Notes came with 14.0 [MS-ASNOTE]; devices of 2.5 take default folders only and refuse
 * others (z-push-ox issue 13), and some take one folder of a class.
 */
export function isOffered(folder: SyncFolder, { version, device: { type, userAgent } }: FolderTaker): boolean {
  if (isDefaultFolder(folder)) return folder.itemClass !== 'Notes' || isAtLeast(version, '14.0');
  if (!isAtLeast(version, folder.itemClass === 'Notes' ? '14.0' : '12.0')) return false;
  return !quirksOf({ type, userAgent, version }).defaultFolderOnly.includes(folder.itemClass);
}

/** A name that tells accounts apart: a shared calendar says whose it is. At most 256 characters. */
export function folderDisplayName(folder: SyncFolder): string {
  const owner = folder.space === 'shared' && folder.owner !== undefined ? ` (${folder.owner})` : '';
  return `${folder.name.slice(0, 256 - owner.length)}${owner}`;
}
