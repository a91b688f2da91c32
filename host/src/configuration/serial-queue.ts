/** Runs tasks one after the other, in the order in which they were added (rule G6). */
export class SerialQueue {
  #tail: Promise<void> = Promise.resolve();

  /** A failing task does not keep the next from running. */
  add(task: () => void | Promise<void>, failed: (error: unknown) => void): Promise<void> {
    this.#tail = this.#tail.then(task).catch(failed);
    return this.#tail;
  }

  /** Resolves when everything added so far is done. */
  get idle(): Promise<void> {
    return this.#tail;
  }
}
