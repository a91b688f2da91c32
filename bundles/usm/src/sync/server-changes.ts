import {
  type Cancellable,
  type FolderRef,
  type GroupwareSession,
  isOxtenderError,
  type ItemVersion,
  type ListOptions,
} from '@oxtender/bundle-api';
import type { CollectionState } from '../state/collection-state';
import { startOfDay } from '../state/entry';
import { type DayFilter, isWider } from './item-filter';
import { limitSize, type Listing, mergeListing, sweepFilter } from './listing-merge';

/** Where a refresh asks. */
export type Listings = Pick<GroupwareSession, 'list' | 'changes'>;

/** What a refresh asks for. */
export interface RefreshOptions extends Cancellable {
  readonly filter: DayFilter;
  /** True when it is known without asking that the groupware has nothing new. */
  readonly clean: boolean;
  /** Most items that a device may have of one folder. */
  readonly maxItems: number;
  /** Records that are known already. */
  readonly listed: Records;
}

/** Listed items that carry a record or flags, by id. */
export type Records = ReadonlyMap<string, ItemVersion>;

/** A state up to date with the groupware, and records that came with the listing at no cost. */
export interface Refreshed {
  readonly state: CollectionState;
  readonly listed: Records;
}

/**
 * Asks the groupware what changed since the state's token, in at most one call unless the token is too old, and marks it.
 * What the device knows stays as it was: the result may stand for the state under the same key.
 */
export async function refreshState(
  groupware: Listings,
  folder: FolderRef,
  state: CollectionState,
  { filter, clean, maxItems, listed, signal }: RefreshOptions,
): Promise<Refreshed> {
  const { header } = state;
  const wider = isWider(filter, header);
  if (clean && header.token !== undefined && !wider) return { state: sweep(state, filter), listed };
  const since = filter.since === undefined ? {} : { since: startOfDay(filter.since) };
  const conversations = filter.conversations === true ? { conversations: true } : {};
  const options = { ...since, ...conversations, signal };
  const found = await listChanges(groupware, folder, wider ? undefined : header.token, options);
  if (!found.listing) {
    const same = found.token === header.token ? state : state.withHeader({ token: found.token });
    return { state: sweep(same, filter), listed };
  }
  const merged = mergeListing(state, found.listing, { filter, retry: wider });
  const next = sweep(merged.finish({ token: found.token }), filter);
  return { state: limitSize(next, maxItems).finish(), listed: withRecords(listed, found.listing) };
}

async function listChanges(
  groupware: Listings,
  folder: FolderRef,
  token: string | undefined,
  options: ListOptions,
): Promise<{ token: string; listing?: Listing }> {
  if (token !== undefined) {
    try {
      const changes = await groupware.changes(folder, token, options);
      if (changes.kind === 'none') return { token: changes.token };
      if (changes.kind === 'snapshot')
        return { token: changes.token, listing: { items: changes.items, deleted: undefined } };
      return { token: changes.token, listing: { items: changes.changed, deleted: changes.deleted } };
    } catch (error) {
      if (!isOxtenderError(error, 'STALE_TOKEN')) throw error;
    }
  }
  const listing = await groupware.list(folder, options);
  return { token: listing.token, listing: { items: listing.items, deleted: undefined } };
}

function sweep(state: CollectionState, filter: DayFilter): CollectionState {
  const { header } = state;
  if (header.since === filter.since && header.incompleteOnly === filter.incompleteOnly) return state;
  const editor = state.edit();
  if (!isWider(filter, header)) sweepFilter(editor, filter, header);
  return editor.finish({ since: filter.since, incompleteOnly: filter.incompleteOnly });
}

function withRecords(known: Records, { items, deleted }: Listing): Records {
  const records = new Map(deleted ? known : []);
  for (const id of deleted ?? []) records.delete(id);
  for (const version of items) {
    if (version.item !== undefined || version.flags !== undefined) records.set(version.id, version);
  }
  return records;
}
