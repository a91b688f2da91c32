import { type GroupwareUser, SyncError } from '@oxtender/bundle-api';

/** Keeps one user's devices from taking the whole host. */
export class RequestLimit {
  readonly #running = new Map<string, number>();

  /** @param limit - requests of one user that are worked on at a time */
  constructor(private readonly limit: number) {}

  /** @throws SyncError OVERLOADED */
  async run<T>({ contextId, userId }: GroupwareUser, work: () => Promise<T>): Promise<T> {
    const key = `${contextId}/${userId}`;
    const running = this.#running.get(key) ?? 0;
    if (running >= this.limit) {
      throw new SyncError('OVERLOADED', 'the user has too many requests at a time', { retryable: true });
    }
    this.#running.set(key, running + 1);
    try {
      return await work();
    } finally {
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left > 0) this.#running.set(key, left);
      else this.#running.delete(key);
    }
  }
}
