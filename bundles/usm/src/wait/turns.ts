/** Work that does not hurry: so many pieces at a time, and those of all users in turn. */
export class Turns {
  /** What has not begun, by user. */
  readonly #queues = new Map<string, Set<() => Promise<void>>>();
  #running = 0;

  /** @param limit - pieces at a time */
  constructor(private readonly limit: number) {}

  /** @returns what takes the work back, unless it has begun */
  take(user: string, work: () => Promise<void>): Disposable {
    let queue = this.#queues.get(user);
    if (!queue) this.#queues.set(user, (queue = new Set()));
    queue.add(work);
    this.#next();
    return {
      [Symbol.dispose]: () => {
        this.#remove(user, work);
      },
    };
  }

  #next(): void {
    while (this.#running < this.limit) {
      const [first] = this.#queues;
      if (!first) return;
      const [user, queue] = first;
      const [work] = queue;
      if (work) {
        this.#remove(user, work);
        void this.#run(work);
      }
      // The others come first now.
      if (this.#queues.delete(user) && queue.size > 0) this.#queues.set(user, queue);
    }
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.#running += 1;
    try {
      await work();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #remove(user: string, work: () => Promise<void>): void {
    const queue = this.#queues.get(user);
    if (queue?.delete(work) && queue.size === 0) this.#queues.delete(user);
  }
}
