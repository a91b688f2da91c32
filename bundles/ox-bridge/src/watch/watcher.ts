import type { ChangeNotice, ChangeWatch, Logger } from '@oxtender/bundle-api';

/** Something that learns of changes: by asking, or by being told. */
export interface NoticeSource extends Disposable {
  /** Begins; may be called once. */
  start(tell: (notice: ChangeNotice) => void): void;
}

/** One watcher per user: its sources run as long as somebody listens. */
export class Watcher implements Disposable {
  readonly #listeners = new Set<(notice: ChangeNotice) => void>();
  #sources: readonly NoticeSource[] = [];

  constructor(
    private readonly makeSources: () => readonly NoticeSource[],
    private readonly log: Logger,
  ) {}

  get listenerCount(): number {
    return this.#listeners.size;
  }

  listen(listener: (notice: ChangeNotice) => void): ChangeWatch {
    // Each listening is its own, even with the same function.
    const own = (notice: ChangeNotice): void => listener(notice);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#start();
    return {
      // OX tells nothing of flags, contacts and tasks, and asking takes longer than the second that the contract
      // gives: silence proves nothing.
      covers: () => false,
      [Symbol.dispose]: () => {
        if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#stop();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#stop();
  }

  #start(): void {
    this.#sources = this.makeSources();
    for (const source of this.#sources) source.start((notice) => this.#tell(notice));
  }

  #stop(): void {
    for (const source of this.#sources) source[Symbol.dispose]();
    this.#sources = [];
  }

  #tell(notice: ChangeNotice): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(notice);
      } catch (error) {
        this.log.error('a listener to changes failed', { error });
      }
    }
  }
}
