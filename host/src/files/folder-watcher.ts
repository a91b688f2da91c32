import type { Clock } from '@oxtender/bundle-api';
import { type FSWatcher, watch } from 'node:fs';

export interface FolderWatcherOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Called after changes have come to rest, and at every poll: compares what is there with what it knows. */
  readonly scan: () => void | Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Milliseconds without an event before a scan. Default 200. */
  readonly debounce?: number;
  /** Milliseconds between scans where the file system tells nothing. Default 2000. */
  readonly poll?: number;
}

/** Scans a folder when the file system says that it changed, and now and then in any case (rules G15, O5). */
export class FolderWatcher implements AsyncDisposable {
  readonly #poll: Disposable;
  #events: FSWatcher | undefined;
  #debounce: Disposable | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(private readonly options: FolderWatcherOptions) {
    const { folder, clock, poll = 2000, debounce = 200 } = options;
    this.#poll = clock.setInterval(() => void this.scanNow(), poll);
    try {
      this.#events = watch(folder, { persistent: false }, () => {
        this.#debounce?.[Symbol.dispose]();
        this.#debounce = clock.setTimeout(() => void this.scanNow(), debounce);
      });
      this.#events.on('error', () => this.#events?.close());
    } catch (error) {
      // Polling goes on: network file systems and exhausted inotify tables have no events.
      options.failed(error);
    }
  }

  /** One scan at a time; a change during a scan leads to another one. Resolves when all of them are done. */
  scanNow(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#again = true;
    this.#running ??= this.#scan().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#again = false;
    this.#poll[Symbol.dispose]();
    this.#debounce?.[Symbol.dispose]();
    this.#events?.close();
    await this.#running;
  }

  async #scan(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.options.scan();
      } catch (error) {
        this.options.failed(error);
      }
    }
  }
}
