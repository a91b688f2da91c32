import { isDeepStrictEqual } from 'node:util';
import type { Patch } from '@oxtender/bundle-api';
import {
  type FieldTable,
  type ReadData,
  patchOfChangedElements,
  patchOfWholeItem,
  readApplicationData,
  writeApplicationData,
} from '../protocol/field-table';
import { AirSync, type Element, element } from '../wbxml';
import type { ItemContext } from './item-context';

/**
 * What becomes of one key that a device changed.
 *
 * @param current - what the groupware has
 * @param sent - what the device was told; null: nothing
 * @param received - what it says now; null: cleared
 * @returns the value for the patch, null to clear, undefined to leave the field as it is
 */
export type Merge<V> = (current: V | undefined, sent: V | null, received: V | null) => V | null | undefined;

export type Merges<T> = { readonly [K in keyof T]?: Merge<NonNullable<T[K]>> };

/** How a class takes changes. */
export interface ChangeRules<T> {
  /** What it means that an element is left out: cleared, or unchanged. */
  readonly missing: 'clear' | 'keep';
  /** Keys of which a device has a part only; all others are replaced. */
  readonly merges?: Merges<T>;
}

/** How an item is written and read to see what a device changed. */
export interface ChangeFrames<T, C extends ItemContext> {
  readonly table: FieldTable<T, C>;
  /** For writing the item as it is. */
  readonly write: C;
  /** For reading ApplicationData, the device's or our own. */
  readonly read: (data: Element) => C;
}

/**
 * The patch that a device means: what it sent, less what it would have sent had the user changed nothing. Both sides are
 * read by the same table, so whatever the version, the options or the device cannot carry is equal and stays as it is.
 */
export function changedFields<T, C extends ItemContext>(
  { table, ...frames }: ChangeFrames<T, C>,
  current: T,
  data: Element,
  { missing, merges = {} }: ChangeRules<T>,
): Patch<T> {
  const { version, options } = frames.write;
  const told = element(AirSync.ApplicationData, writeApplicationData(table, current, frames.write));
  const sent = readItemData(table, told, frames.read(told));
  const received = readItemData(table, data, frames.read(data));
  const meant =
    missing === 'keep'
      ? patchOfChangedElements(received)
      : patchOfWholeItem(table, received, { version, supported: options.supported });
  return differences(current, sent.patch, meant, merges);
}

/** Reads ApplicationData; its fields see the whole of it. */
export function readItemData<T, C extends ItemContext>(
  table: FieldTable<T, C>,
  data: Element,
  context: C,
): ReadData<T> {
  return readApplicationData(table, data, { ...context, siblings: data });
}

/** The keys of `received` that say other than `sent`. */
export function differences<T>(current: T, sent: Patch<T>, received: Patch<T>, merges: Merges<T> = {}): Patch<T> {
  const patch: { [K in keyof T]?: T[K] | null } = {};
  for (const key of Object.keys(received) as (keyof T)[]) {
    const said = received[key];
    const told = sent[key] ?? null;
    if (said === undefined || isDeepStrictEqual(said, told)) continue;
    const merge = merges[key];
    const value = merge === undefined ? said : merge(current[key] ?? undefined, told, said);
    if (value !== undefined) patch[key] = value;
  }
  return patch;
}

/** The record of a new item: what is empty is absent. */
export function withoutNulls<T>(patch: Patch<T>): T {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null && value !== undefined)) as T;
}
