import { LRUCache } from 'lru-cache';

/** A cache of at most so many entries. lru-cache's own `max` takes the memory for all of them at once. */
export function boundedCache<V extends object | number | string>(
  entries: number,
  dispose?: (value: V) => void,
): LRUCache<string, V> {
  const options = { maxSize: entries, sizeCalculation: () => 1 };
  return new LRUCache<string, V>(dispose ? { ...options, dispose } : options);
}
