/** What has a place in the order of services (rule S8). */
export interface Ranked {
  readonly id: number;
  readonly ranking: number;
}

/**
 * Members by ranking, greatest first, then by id, lowest first (rule S8). As ids grow, the usual place of a new member
 * is the end of its ranking, found by halving.
 */
export class RankedList<T extends Ranked> implements Iterable<T> {
  /** A field of its own: what is asked most is one step away. */
  first: T | undefined;
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    const last = this.#members.at(-1);
    if (!last || byRank(last, member) < 0) this.#members.push(member);
    else this.#members.splice(this.#place(member), 0, member);
    this.first = this.#members[0];
  }

  /** The member's ranking must be the one under which it was added. */
  delete(member: T): void {
    if (this.#members.at(-1) === member) this.#members.pop();
    else {
      const place = this.#place(member);
      if (this.#members[place] === member) this.#members.splice(place, 1);
    }
    this.first = this.#members[0];
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#members[Symbol.iterator]();
  }

  /** Where the member is, or would be. */
  #place(member: T): number {
    let low = 0;
    let high = this.#members.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#members[middle];
      if (other && byRank(other, member) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Greater ranking first, then lower id (rule S8). */
export function byRank(a: Ranked, b: Ranked): number {
  return b.ranking - a.ranking || a.id - b.id;
}
