import {
  type Appointment,
  type AppointmentException,
  type ClientChange,
  GroupwareError,
  type Instant,
  isOxtenderError,
  type Item,
  type ItemPatch,
} from '@oxtender/bundle-api';
import { patchedItem } from './three-way';

/**
 * A client's change or deletion of one occurrence, as a change of the series.
 *
 * @throws GroupwareError INVALID, from the function, when the item is no series any more: it would change or go as a whole
 */
export function seriesPatch(change: Exclude<ClientChange, { kind: 'add' }>, originalStart: Instant): SeriesPatch {
  return (current) => {
    if ((current as Appointment).recurrence === undefined) {
      throw new GroupwareError('INVALID', 'an occurrence of an item without recurrence');
    }
    const given = change.kind === 'delete' ? { deleted: true } : evaluate(change.patch, current);
    return { exceptions: withException(current as Appointment, originalStart, given as ItemPatch) };
  };
}

export type SeriesPatch = (current: Item) => ItemPatch;

/**
 * @param current - may be left out when the patch is no function
 * @throws GroupwareError INVALID when the patch finds that it does not fit the item
 */
export function evaluate(patch: ItemPatch | SeriesPatch, current: Item | undefined): ItemPatch {
  if (typeof patch !== 'function') return patch;
  if (!current) throw new TypeError('a patch that is a function needs the item');
  try {
    return patch(current);
  } catch (cause) {
    if (!isOxtenderError(cause)) throw cause;
    throw new GroupwareError('INVALID', cause.message, { cause });
  }
}

function withException(series: Appointment, originalStart: Instant, patch: ItemPatch): AppointmentException[] {
  const others = (series.exceptions ?? []).filter((one) => one.originalStart !== originalStart);
  const before = series.exceptions?.find((one) => one.originalStart === originalStart);
  const isDeleted = (patch as { deleted?: boolean }).deleted === true;
  const changed = isDeleted ? { deleted: true } : patchedItem((before ?? {}) as Item, patch);
  return [...others, { ...changed, originalStart }].sort((a, b) => a.originalStart - b.originalStart);
}
