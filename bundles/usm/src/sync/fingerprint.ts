import type { CollectionSyncRequest } from '@oxtender/bundle-api';
import { contentHash, hashOf } from './content-hash';
import type { DayFilter } from './item-filter';

/** The same text for the same request sent again; empty when that cannot be told. */
export function requestFingerprint(request: CollectionSyncRequest, filter: DayFilter): string {
  const { changes = [], windowSize, getChanges = true, conflict } = request;
  const contents = changes.map((change) => contentHash(change));
  if (contents.includes('')) return '';
  const parts = [contents, windowSize, getChanges, conflict, filter.since, filter.incompleteOnly];
  // What came later counts where it is asked for: requests of before an upgrade are known again.
  return hashOf(filter.conversations ? [...parts, 'conversations'] : parts);
}
