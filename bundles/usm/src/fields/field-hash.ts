import type { Item, ItemClass } from '@oxtender/bundle-api';
import { canonicalValue } from './canonical';
import { fieldPosition, trackedFields } from './tracked-fields';

/**
 * Hash of one field's value: 24 bits, so that a state stays small; 0 means that the field is empty. Two different values
 * of one field hash alike once in 17 million times: such a change would be taken for none.
 */
export type FieldHash = number;

/** Hashes of all tracked fields of an item, by position. */
export type FieldHashes = Uint32Array;

/** A hash that no value has: what the device holds is not known, so any value of the groupware is news. */
export const unknownHash: FieldHash = 0xffffff;

export function hashItem(itemClass: ItemClass, item: Item): FieldHashes {
  const hashes = new Uint32Array(trackedFields[itemClass].length);
  // Most fields of most items are not there: only those that are cost time.
  for (const [field, value] of Object.entries(item)) {
    const position = fieldPosition(itemClass, field);
    if (position !== undefined) hashes[position] = hashField(itemClass, field, value);
  }
  return hashes;
}

export function hashField(itemClass: ItemClass, field: string, value: unknown): FieldHash {
  const canonical = canonicalValue(itemClass, field, value);
  if (canonical === undefined) return 0;
  const hash = avalanche(mixValue(0x811c9dc5, canonical));
  const folded = (hash ^ (hash >>> 24)) & 0xffffff;
  return folded === 0 || folded === unknownHash ? 1 : folded;
}

export function sameHashes(a: FieldHashes, b: FieldHashes): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** What the groupware gives an item for itself when it is made, and who made it without does not miss. */
const givenAtBirth: Partial<Record<ItemClass, readonly string[]>> = {
  Contacts: ['displayName'],
  Tasks: ['uid'],
  Calendar: ['uid', 'organizer'],
};

/** What the groupware makes anew of other fields: who changed those does not wait for it. */
const madeOfOthers: Partial<Record<ItemClass, readonly string[]>> = { Contacts: ['displayName'] };

/**
 * True when a device that has an item with these hashes must hear what it is now.
 *
 * @param isOwn - the device wrote it last, and nobody else
 */
export function isNews(itemClass: ItemClass, before: FieldHashes, now: FieldHashes, isOwn = false): boolean {
  if (sameHashes(before, now)) return false;
  const given = positionsOf(itemClass, givenAtBirth);
  const made = isOwn ? positionsOf(itemClass, madeOfOthers) : [];
  return now.some((hash, at) => hash !== before[at] && !(before[at] === 0 && given.includes(at)) && !made.includes(at));
}

function positionsOf(
  itemClass: ItemClass,
  fields: Partial<Record<ItemClass, readonly string[]>>,
): (number | undefined)[] {
  return (fields[itemClass] ?? []).map((field) => fieldPosition(itemClass, field));
}

/** FNV-1a over the value's parts, each led by its type; objects by sorted keys. */
function mixValue(hash: number, value: unknown): number {
  switch (typeof value) {
    case 'string':
      return mixText(mixCode(hash, 1), value);
    case 'number':
      return mixText(mixCode(hash, 2), String(value));
    case 'boolean':
      return mixCode(hash, value ? 3 : 4);
    case 'object':
      return Array.isArray(value) ? mixList(hash, value) : mixRecord(hash, value as Record<string, unknown> | null);
    default:
      return hash;
  }
}

function mixList(hash: number, list: readonly unknown[]): number {
  return list.reduce<number>((mixed, value) => mixValue(mixed, value), mixCode(hash, 5)) ^ list.length;
}

function mixRecord(hash: number, record: Record<string, unknown> | null): number {
  let mixed = mixCode(hash, 6);
  if (!record) return mixed;
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined && record[key] !== null) mixed = mixValue(mixText(mixed, key), record[key]);
  }
  return mixed;
}

function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return mixCode(mixed, 0x10000 + text.length);
}

function mixCode(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Finalizer of MurmurHash3: each bit of the input reaches each bit of the result. */
function avalanche(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
