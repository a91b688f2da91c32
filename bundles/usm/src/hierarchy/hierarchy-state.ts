import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SyncFolder } from '@oxtender/bundle-api';
import { StateFormatError } from '../state/state-format-error';

/** The folders that a device knows under one key, parents before children. */
export type HierarchyState = readonly SyncFolder[];

/** First byte of what is stored; see `state/state-codec.ts`. */
const currentFormat = 1;

export function encodeHierarchy(folders: HierarchyState): Buffer {
  return Buffer.concat([Buffer.of(currentFormat), deflateRawSync(JSON.stringify(folders))]);
}

/** @throws StateFormatError */
export function decodeHierarchy(bytes: Uint8Array): HierarchyState {
  if (bytes[0] !== currentFormat) {
    throw new StateFormatError('UNKNOWN_FORMAT', `a folder hierarchy of the unknown format ${String(bytes[0])}`);
  }
  return JSON.parse(inflateRawSync(bytes.subarray(1)).toString('utf8')) as HierarchyState;
}

export interface HierarchyDifference {
  readonly added: readonly SyncFolder[];
  readonly updated: readonly SyncFolder[];
  readonly deleted: readonly string[];
}

export function compareHierarchies(before: HierarchyState, after: HierarchyState): HierarchyDifference {
  const old = new Map(before.map((folder) => [folder.collectionId, folder]));
  const isThere = new Set(after.map(({ collectionId }) => collectionId));
  return {
    added: after.filter(({ collectionId }) => !old.has(collectionId)),
    updated: after.filter((folder) => {
      const known = old.get(folder.collectionId);
      return known !== undefined && visible(known) !== visible(folder);
    }),
    deleted: before.filter(({ collectionId }) => !isThere.has(collectionId)).map(({ collectionId }) => collectionId),
  };
}

export function isSameHierarchy(before: HierarchyState, after: HierarchyState): boolean {
  const { added, updated, deleted } = compareHierarchies(before, after);
  return added.length + updated.length + deleted.length === 0;
}

/** What a device may show of a folder. */
function visible({ name, parentCollectionId, itemClass, role, space, owner }: SyncFolder): string {
  return JSON.stringify([name, parentCollectionId, itemClass, role, space, owner]);
}
