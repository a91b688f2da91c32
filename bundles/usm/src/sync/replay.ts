import type { Cancellable, FolderRef, GroupwareSession, ReadOptions } from '@oxtender/bundle-api';
import { hashItem, sameHashes } from '../fields/field-hash';
import type { CollectionState } from '../state/collection-state';
import { readItems } from './item-reader';
import { flagsOf, type Telling } from './window';

/**
 * What the answer that carried a state's key told, once more: undefined when an item has changed since, for then the old
 * answer can no longer be given.
 */
export async function replayTellings(
  groupware: GroupwareSession,
  folder: FolderRef,
  state: CollectionState,
  options: { read: ReadOptions } & Cancellable,
): Promise<Telling[] | undefined> {
  const { told } = state.header;
  const { signal } = options;
  const whole = told.filter(({ kind }) => kind === 'add' || kind === 'change').map(({ id }) => id);
  const flags = told.filter(({ kind }) => kind === 'flags').map(({ id }) => id);
  const results = [
    ...(await readItems(groupware, folder, whole, { ...options.read, signal })),
    ...(await readItems(groupware, folder, flags, { signal })),
  ];
  const read = new Map(results.map((result) => [result.id, result]));
  const tellings: Telling[] = [];
  for (const { kind, id } of told) {
    if (kind === 'delete' || kind === 'softDelete') {
      tellings.push({ kind, id });
      continue;
    }
    const result = read.get(id);
    const hashes = state.get(id)?.hashes;
    if (!result || result.error || !hashes) return undefined;
    const { item } = result;
    if (!sameHashes(hashItem(folder.itemClass, item), hashes)) return undefined;
    tellings.push(kind === 'flags' && 'read' in item ? { kind, id, flags: flagsOf(item) } : { kind, id, item });
  }
  return tellings;
}
