/**
 * Many who wait for what they wrote to reach the disk share the syncs: who asks while one runs waits for the next, which
 * covers everybody who asked meanwhile.
 */
export class GroupSync {
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(private readonly sync: () => Promise<void>) {}

  /** Resolves when everything that was written before the call is on the disk. @throws what `sync` throws */
  synced(): Promise<void> {
    if (!this.#running) return this.#run();
    this.#next ??= this.#running.then(
      () => this.#run(),
      () => this.#run(),
    );
    return this.#next;
  }

  #run(): Promise<void> {
    this.#next = undefined;
    const running = this.sync().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
