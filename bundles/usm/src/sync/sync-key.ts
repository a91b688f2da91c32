import { randomInt } from 'node:crypto';
import type { SyncKey } from '@oxtender/bundle-api';

const timeDigits = 9;
const randomDigits = 5;
const pattern = new RegExp(`^[0-9a-z]{${timeDigits + randomDigits}}$`);

/**
 * Makes the next key of a collection: time, then chance, in base 36. Keys of a collection grow as texts, whatever the clock
 * does; a key of another collection is not taken for one of this.
 *
 * @param newest - the newest key given out before
 */
export function nextSyncKey(now: number, newest: SyncKey | undefined): SyncKey {
  const after = newest === undefined ? 0 : timeOfSyncKey(newest) + 1;
  const time = Math.max(now, after).toString(36).padStart(timeDigits, '0');
  const chance = randomInt(36 ** randomDigits).toString(36);
  return time + chance.padStart(randomDigits, '0');
}

/** When the key was given out, in milliseconds since 1970. */
export function timeOfSyncKey(key: SyncKey): number {
  return parseInt(key.slice(0, timeDigits), 36);
}

/** False for what this engine never gave out, to save the look into the database. */
export function isSyncKey(text: string): boolean {
  return pattern.test(text);
}

/** Answers to one key that are kept beside each other, for a device that repeats its request with other words. */
export const keptAnswers = 4;
