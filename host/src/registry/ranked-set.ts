/** What has a place in the order of services (rule S8). */
export interface Ranked {
  readonly id: number;
  readonly ranking: number;
}

interface Bucket<T> {
  readonly ranking: number;
  /** In order of id. */
  members: Set<T>;
  greatestId: number;
}

/**
 * Members by ranking, greatest first, then by id, lowest first (rule S8). As ids grow, adding is appending to the
 * ranking's bucket; only a change of ranking sorts, and only the bucket that it enters.
 */
export class RankedSet<T extends Ranked> implements Iterable<T> {
  readonly #buckets: Bucket<T>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    const best = this.#buckets[0];
    if (best) for (const member of best.members) return member;
    return undefined;
  }

  add(member: T): void {
    const bucket = this.#bucketFor(member.ranking);
    bucket.members.add(member);
    this.#size++;
    if (member.id > bucket.greatestId) bucket.greatestId = member.id;
    else bucket.members = new Set([...bucket.members].sort((a, b) => a.id - b.id));
  }

  /** @param ranking - under which the member was added */
  delete(member: T, ranking: number): void {
    const index = this.#indexOf(ranking);
    const bucket = this.#buckets[index];
    if (!bucket?.members.delete(member)) return;
    this.#size--;
    if (bucket.members.size === 0) this.#buckets.splice(index, 1);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const bucket of this.#buckets) yield* bucket.members;
  }

  #bucketFor(ranking: number): Bucket<T> {
    const index = this.#indexOf(ranking);
    const found = this.#buckets[index];
    if (found?.ranking === ranking) return found;
    const bucket: Bucket<T> = { ranking, members: new Set(), greatestId: 0 };
    this.#buckets.splice(index, 0, bucket);
    return bucket;
  }

  /** Where the ranking's bucket is, or would be. */
  #indexOf(ranking: number): number {
    let low = 0;
    let high = this.#buckets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#buckets[middle]?.ranking ?? 0) > ranking) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Greater ranking first, then lower id (rule S8). */
export function byRank(a: Ranked, b: Ranked): number {
  return b.ranking - a.ranking || a.id - b.id;
}
