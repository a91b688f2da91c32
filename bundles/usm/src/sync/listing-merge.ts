import type { ItemVersion } from '@oxtender/bundle-api';
import type { CollectionState, StateEditor } from '../state/collection-state';
import { dayOf, type Entry, isOnDevice, Mark } from '../state/entry';
import { type DayFilter, isRecent, passesFilter } from './item-filter';

/** Items of the groupware that changed, or all of them. */
export interface Listing {
  readonly items: readonly ItemVersion[];
  /** Gone since the state's token; undefined when `items` is the complete listing. */
  readonly deleted: readonly string[] | undefined;
}

/**
 * Brings what the groupware has into the marks of a state. What the device knows stays as it was.
 *
 * @param retry - give what was withheld another chance although its version is the same
 */
export function mergeListing(
  state: CollectionState,
  listing: Listing,
  options: { filter: DayFilter; retry: boolean },
): StateEditor {
  const editor = state.edit();
  const listed = new Set<string>();
  for (const item of listing.items) {
    if (listing.deleted === undefined) listed.add(item.id);
    mergeItem(editor, item, options);
  }
  if (listing.deleted) {
    for (const id of listing.deleted) markGone(editor, editor.get(id), Mark.Delete);
  } else {
    for (const entry of state.entries()) {
      if (listed.has(entry.id)) continue;
      markGone(editor, entry, isRecent(options.filter, entry.day) ? Mark.Delete : Mark.SoftDelete);
    }
  }
  return editor;
}

/** Takes out what the filter no longer lets in because time went by or the filter became narrower. */
export function sweepFilter(editor: StateEditor, filter: DayFilter, before: DayFilter): void {
  const recheckTasks = filter.incompleteOnly && !before.incompleteOnly;
  for (const { id } of editor.base.entries()) {
    const entry = editor.get(id);
    if (!entry) continue;
    if (!isRecent(filter, entry.day)) markGone(editor, entry, Mark.SoftDelete);
    else if (recheckTasks && entry.mark === Mark.Known) editor.set({ ...entry, mark: Mark.Change });
  }
}

/** Marks of items that a device will not have. */
const uncounted: readonly Mark[] = [Mark.Delete, Mark.SoftDelete, Mark.Withheld];

/** Lets the oldest items go where a folder holds more than a device may get. */
export function limitSize(state: CollectionState, limit: number): StateEditor {
  const editor = state.edit();
  const excess = state.size - state.count(...uncounted) - limit;
  if (excess <= 0) return editor;
  const counted = [...state.entries()].filter(({ mark }) => !uncounted.includes(mark));
  const byAge = counted.sort((a, b) => (a.day ?? Infinity) - (b.day ?? Infinity) || 0);
  for (const entry of byAge.slice(0, excess)) markGone(editor, entry, Mark.SoftDelete);
  return editor;
}

function mergeItem(
  editor: StateEditor,
  item: ItemVersion,
  { filter, retry }: { filter: DayFilter; retry: boolean },
): void {
  const { id, version } = item;
  const entry = editor.get(id);
  if (!passesFilter(filter, item)) {
    markGone(editor, entry, Mark.SoftDelete);
    return;
  }
  const day = item.date === undefined ? undefined : dayOf(item.date);
  const mark = entry ? markOfListed(entry, version, retry) : Mark.Add;
  if (entry?.version === version && entry.mark === mark && entry.day === day) return;
  editor.set({ id, version, mark, day, hashes: entry?.hashes });
}

function markOfListed(entry: Entry, version: string, retry: boolean): Mark {
  if (entry.mark === Mark.Resend) return entry.mark;
  const isCurrent = entry.version === version && (entry.mark === Mark.Known || entry.mark === Mark.Own);
  if (isOnDevice(entry)) return isCurrent ? entry.mark : Mark.Change;
  return entry.mark === Mark.Withheld && entry.version === version && !retry ? Mark.Withheld : Mark.Add;
}

function markGone(editor: StateEditor, entry: Entry | undefined, mark: Mark): void {
  if (!entry || entry.mark === mark) return;
  if (isOnDevice(entry)) editor.set({ ...entry, mark });
  else editor.remove(entry.id);
}
