import type { ConflictPolicy, Item, ItemClass, ItemPatch } from '@oxtender/bundle-api';
import { type FieldHashes, hashField } from '../fields/field-hash';
import { fieldPosition } from '../fields/tracked-fields';

/** What a device's changes with one key made of a field. */
export interface OwnField {
  /** Hashes that were sent: the groupware may have any of them. */
  readonly sent: readonly number[];
  /** The hash that was written last, for sure. */
  readonly written?: number;
}

/** By position. */
export type OwnFields = Readonly<Record<number, OwnField>>;

/** The three sides of a change, and how a conflict ends. */
export interface ThreeWay {
  /** What the device had before its change. */
  readonly base: FieldHashes;
  /** What the device itself wrote since: a repeat of a change is no conflict with itself. */
  readonly own: OwnFields;
  /** What the groupware has now. */
  readonly now: FieldHashes;
  /** True when nobody but the device has written it since: what differs, the groupware altered when it stored it. */
  readonly isOwnVersion?: boolean;
  readonly policy: ConflictPolicy;
}

export interface MergedPatch {
  /** What is left to write. */
  readonly patch: ItemPatch;
  /** True when both sides changed a field, to different values. */
  readonly conflict: boolean;
}

/**
 * Compares a device's change with the groupware's, field by field. What only one side changed is merged; what both changed
 * goes by the policy: with `client-wins` it is in the patch, else it is not.
 */
export function mergePatch(itemClass: ItemClass, patch: ItemPatch, sides: ThreeWay): MergedPatch {
  const { base, own, now, isOwnVersion = false, policy } = sides;
  let conflict = false;
  const merged: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    const position = fieldPosition(itemClass, field);
    if (position === undefined) {
      merged[field] = value;
      continue;
    }
    const wanted = hashField(itemClass, field, value);
    const mine = own[position];
    // Already so, or not changed by the device: a protocol may send items whole.
    const isMine = mine?.sent.includes(now[position] ?? 0) === true;
    if (wanted === now[position] || (wanted === base[position] && !isMine)) continue;
    const changedByServer = !isOwnVersion && !isMine && now[position] !== base[position];
    // Written by an earlier request: what the groupware has now came after it.
    if (changedByServer && mine?.written === wanted) continue;
    conflict ||= changedByServer;
    if (!changedByServer || policy === 'client-wins') merged[field] = value;
  }
  return { patch: merged, conflict };
}

/** True when the groupware changed a field that the device knows, other than by what the device wrote. */
export function hasServerChange(now: FieldHashes, base: FieldHashes, own: OwnFields): boolean {
  return now.some((hash, position) => hash !== base[position] && own[position]?.sent.includes(hash) !== true);
}

/** Hashes of the fields that a patch names, by position. */
export function patchHashes(itemClass: ItemClass, patch: ItemPatch): Record<number, number> {
  const hashes: Record<number, number> = {};
  for (const [field, value] of Object.entries(patch)) {
    const position = fieldPosition(itemClass, field);
    if (position !== undefined) hashes[position] = hashField(itemClass, field, value);
  }
  return hashes;
}

/** What the device has once it made its change. */
export function overlay(base: FieldHashes, fields: Readonly<Record<number, number>>): FieldHashes {
  const hashes = base.slice();
  for (const [position, hash] of Object.entries(fields)) hashes[Number(position)] = hash;
  return hashes;
}

/** The item as the patch would make it. */
export function patchedItem<T extends Item>(item: T, patch: ItemPatch): T {
  const kept = Object.entries({ ...item, ...patch }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as unknown as T;
}
