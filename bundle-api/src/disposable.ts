/** Anything that can be released: a function, a `Disposable` or an `AsyncDisposable`. @public */
export type Releasable = (() => void | Promise<void>) | Disposable | AsyncDisposable;

function release(target: Releasable): void | PromiseLike<void> {
  if (typeof target === 'function') return target();
  if (Symbol.asyncDispose in target) return target[Symbol.asyncDispose]();
  target[Symbol.dispose]();
}

/**
 * Remembers what was acquired and releases it newest first. Stands in for `AsyncDisposableStack`,
 * which Node 20 does not have.
 *
 * @public
 */
export class DisposableStore implements AsyncDisposable {
  #held: Releasable[] = [];
  #disposed = false;

  /** True once {@link DisposableStore.dispose} began. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** How many things are held. */
  get size(): number {
    return this.#held.length;
  }

  /**
   * Takes responsibility for `target` and returns it.
   *
   * @throws Error when the store was disposed before; `target` is then not held
   */
  add<T extends Releasable>(target: T): T {
    if (this.#disposed) throw new Error('DisposableStore was disposed');
    this.#held.push(target);
    return target;
  }

  /** Gives responsibility for `target` back to the caller; true if it was held. */
  remove(target: Releasable): boolean {
    const index = this.#held.lastIndexOf(target);
    if (index >= 0) this.#held.splice(index, 1);
    return index >= 0;
  }

  /**
   * Releases everything, newest first, one after the other. One failure does not keep the others from
   * being released.
   *
   * @throws AggregateError with all failures, after everything was tried
   */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const failures: unknown[] = [];
    for (let target = this.#held.pop(); target !== undefined; target = this.#held.pop()) {
      try {
        await release(target);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} resources failed to release`);
  }

  /** Releases everything, newest first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
