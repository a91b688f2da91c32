import type { FieldHashes } from '../fields/field-hash';

/** How the groupware's version of an item stands to what the device has. The numbers are stored. */
export const Mark = {
  /** The device has this version. */
  Known: 0,
  /** The device does not have it yet. */
  Add: 1,
  /** The groupware has a version that the device was not told of: to be compared by the hashes. */
  Change: 2,
  /** The device has it; it is gone. */
  Delete: 3,
  /** The device has it; it left the filter. */
  SoftDelete: 4,
  /** The device does not have it and does not get this version: it cannot be read, or the filter's second look excluded it. */
  Withheld: 5,
  /** The device has it and is to get it again, changed or not. */
  Resend: 6,
  /** The device wrote this version; whether the groupware altered what it was sent is to be seen. */
  Own: 7,
} as const;

export type Mark = (typeof Mark)[keyof typeof Mark];

/** One item in a state. */
export interface Entry {
  readonly id: string;
  /** As the groupware listed it last. */
  readonly version: string;
  readonly mark: Mark;
  /** Day since 1970-01-01 UTC on which the item matters, for time filters. */
  readonly day: number | undefined;
  /** Of the item as the device has it; undefined when the device does not. */
  readonly hashes: FieldHashes | undefined;
}

/** True when the device holds some version of it. */
export function isOnDevice(entry: Entry): boolean {
  return entry.hashes !== undefined;
}

/** Order of items in a state: short ids before long ones, so that numbers stand in their order. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

const millisecondsPerDay = 86_400_000;

export function dayOf(instant: number): number {
  return Math.floor(instant / millisecondsPerDay);
}

export function startOfDay(day: number): number {
  return day * millisecondsPerDay;
}
