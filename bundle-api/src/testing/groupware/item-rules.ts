import type { Appointment } from '../../model/appointment';
import type { Item, ItemPatch } from '../../model/item';
import type { Message } from '../../model/message';
import type { Instant, ItemClass, Recurrence } from '../../model/values';

const day = 86_400_000;

/** The longest that one step of each frequency can take. */
const longestStep: Record<Recurrence['frequency'], number> = {
  daily: 7 * day,
  weekly: 7 * day,
  monthly: 31 * day,
  yearly: 4 * 366 * day,
};

/** {@link ItemVersion.date}: for a series with a count, an upper bound of its last occurrence's end. */
export function relevantDate(itemClass: ItemClass, item: Item): Instant | undefined {
  if (itemClass === 'Email') return (item as Message).receivedAt;
  if (itemClass !== 'Calendar') return undefined;
  const { end, start, recurrence } = item as Appointment;
  if (!recurrence) return end;
  const duration = end - start;
  if (recurrence.until !== undefined) return Date.parse(`${recurrence.until}T00:00:00Z`) + 2 * day + duration;
  if (recurrence.occurrences === undefined) return undefined;
  return end + recurrence.occurrences * recurrence.interval * longestStep[recurrence.frequency];
}

/** Absent keys stay, `null` clears. */
export function applyPatch(item: Item, patch: ItemPatch): Item {
  const result: Record<string, unknown> = { ...item };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else if (value !== undefined) result[key] = structuredClone(value);
  }
  if (Array.isArray(result['exceptions'])) {
    result['exceptions'] = (result['exceptions'] as { originalStart: Instant }[]).toSorted(
      (a, b) => a.originalStart - b.originalStart,
    );
  }
  return result;
}
