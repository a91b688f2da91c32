import type { SyncFolder } from '@oxtender/bundle-api';
import { type ProtocolVersion, isAtLeast } from '../protocol/versions';
import { isDefaultFolder } from './folder-type';

/**
 * Is the folder for devices of this version? Notes came with 14.0 [MS-ASNOTE]; devices of 2.5 take default folders only
 * and refuse others (z-push-ox issue 13).
 */
export function isOffered(folder: SyncFolder, version: ProtocolVersion): boolean {
  if (folder.itemClass === 'Notes' && !isAtLeast(version, '14.0')) return false;
  return isAtLeast(version, '12.0') || isDefaultFolder(folder);
}

/** A name that tells accounts apart: a shared calendar says whose it is. At most 256 characters. */
export function folderDisplayName(folder: SyncFolder): string {
  const owner = folder.space === 'shared' && folder.owner !== undefined ? ` (${folder.owner})` : '';
  return `${folder.name.slice(0, 256 - owner.length)}${owner}`;
}
