import type { Appointment, ItemClass, ItemFilter, ItemVersion, Task } from '@oxtender/bundle-api';
import { dayOf } from '../state/entry';

/** A filter in the form in which a state remembers it: time counts in whole days, so that it moves once a day. */
export interface DayFilter {
  readonly since: number | undefined;
  readonly incompleteOnly: boolean;
  /** Not remembered: a device asks for it always or never. */
  readonly exceptDeclined?: boolean;
  /** The groupware dates mails by their conversations. Not remembered: the groupware's change token is another one then. */
  readonly conversations?: boolean;
}

export function dayFilter(itemClass: ItemClass, filter: ItemFilter | undefined): DayFilter {
  return {
    since: filter?.since === undefined ? undefined : dayOf(filter.since),
    incompleteOnly: itemClass === 'Tasks' && filter?.incompleteOnly === true,
    exceptDeclined: itemClass === 'Calendar' && filter?.exceptDeclined === true,
    conversations: itemClass === 'Email' && filter?.since !== undefined && filter.conversations === true,
  };
}

/** True when `filter` may let in what `before` kept out. */
export function isWider(filter: DayFilter, before: DayFilter): boolean {
  if (before.incompleteOnly && !filter.incompleteOnly) return true;
  if (before.since === undefined) return false;
  return filter.since === undefined || filter.since < before.since;
}

/** As far as a listing tells. Only tasks that are done have a date. */
export function passesFilter(filter: DayFilter, { date, item }: ItemVersion): boolean {
  if (filter.incompleteOnly) return item ? isIncomplete(item) : date === undefined;
  return date === undefined || isRecent(filter, dayOf(date));
}

export function isRecent({ since }: DayFilter, day: number | undefined): boolean {
  return since === undefined || day === undefined || day >= since;
}

function isIncomplete(item: object): boolean {
  return (item as Task).status !== 'done';
}

/** What the whole item says against its being on the device, and how it leaves; undefined: nothing. */
export function exclusion(filter: DayFilter, item: object): 'softDelete' | 'delete' | undefined {
  if (filter.incompleteOnly && !isIncomplete(item)) return 'softDelete';
  const { ownStatus, ownedByUser } = item as Appointment;
  return filter.exceptDeclined && ownStatus === 'declined' && ownedByUser !== true ? 'delete' : undefined;
}
