import type { Instant } from '@oxtender/bundle-api';
import type { CalendarObject } from './calendar-object';

/** An item: one object, or a series with the objects that replace occurrences of it. */
export interface Series<O extends CalendarObject = CalendarObject> {
  readonly object: O;
  readonly exceptions: readonly O[];
}

/** Puts exceptions to their series. One whose series is not there stands for itself: only to it was the user invited. */
export function groupSeries<O extends CalendarObject>(objects: readonly O[]): Series<O>[] {
  const known = new Set(objects.map(({ id }) => id));
  const exceptions = new Map<string, O[]>();
  const single: O[] = [];
  for (const object of objects) {
    const { exceptionOf } = object;
    const siblings = exceptionOf === undefined ? undefined : exceptions.get(exceptionOf);
    if (exceptionOf === undefined || !known.has(exceptionOf)) single.push(object);
    else if (siblings) siblings.push(object);
    else exceptions.set(exceptionOf, [object]);
  }
  return single.map((object) => ({ object, exceptions: exceptions.get(object.id) ?? [] }));
}

/** The version covers the exceptions: their newest change and their number. It begins with the series's own. */
export function versionOf({ object, exceptions }: Series): string {
  if (exceptions.length === 0) return String(object.lastModified);
  const newest = Math.max(...exceptions.map(({ lastModified }) => lastModified));
  return `${object.lastModified}.${newest}.${exceptions.length}`;
}

/** {@link ItemVersion.date} */
export function dateOf({ object, exceptions }: Series): Instant | undefined {
  const last = object.lastEnd;
  return last === undefined ? undefined : Math.max(last, ...exceptions.map(({ end }) => end));
}
