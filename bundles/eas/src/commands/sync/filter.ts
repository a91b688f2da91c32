import type { Instant, ItemClass, ItemFilter } from '@oxtender/bundle-api';

const day = 86_400_000;

/** Days that each FilterType reaches back. [MS-ASCMD] "FilterType (Sync)". */
const daysOfFilter: readonly (number | undefined)[] = [undefined, 1, 3, 7, 14, 31, 92, 183];

/** FilterType 8: tasks that are not done. */
const incompleteOnly = 8;

const allowedFilters: Partial<Record<ItemClass, ReadonlySet<number>>> = {
  Email: new Set([0, 1, 2, 3, 4, 5]),
  Calendar: new Set([0, 4, 5, 6, 7]),
  Tasks: new Set([0, incompleteOnly]),
};

/** May folders of this class be filtered so? Contacts and notes take any and ignore it. */
export function isAllowedFilter(itemClass: ItemClass, filterType: number): boolean {
  return allowedFilters[itemClass]?.has(filterType) ?? true;
}

/** What of a collection's options says which items the device gets. */
export interface WantedItems {
  readonly filterType: number;
  /** A conversation comes as a whole. */
  readonly conversationMode?: boolean | undefined;
}

/**
 * What the device wants of a collection. Windows begin at 00:00 UTC, so that one does not move with each request.
 *
 * @param mailLimit - days that the operator allows for mail; 0: no limit
 */
export function itemFilter(
  itemClass: ItemClass,
  { filterType, conversationMode }: WantedItems,
  now: Instant,
  mailLimit: number,
): ItemFilter {
  if (itemClass === 'Contacts' || itemClass === 'Notes') return {};
  if (filterType === incompleteOnly) return { incompleteOnly: true };
  // What the user declined is taken off the calendar. [MS-ASCMD] "MeetingResponse"
  const except = itemClass === 'Calendar' ? { exceptDeclined: true } : {};
  const asked = daysOfFilter[filterType];
  const limit = itemClass === 'Email' && mailLimit > 0 ? mailLimit : undefined;
  const days = Math.min(asked ?? Infinity, limit ?? Infinity);
  if (!Number.isFinite(days)) return except;
  const conversations = itemClass === 'Email' && conversationMode === true ? { conversations: true } : {};
  return { ...except, ...conversations, since: Math.floor(now / day) * day - days * day };
}
