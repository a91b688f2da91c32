import type { Cancellable, Clock, WaitResult } from '@oxtender/bundle-api';
import type { Collection } from '../sync/collection';
import type { NoticeListener, UserWatch } from './user-watch';

/** What to look at next. */
export interface Due {
  readonly collections: ReadonlySet<Collection>;
  readonly hierarchy: boolean;
}

/** One wait of a device: gathers what is announced between two looks. */
export class Waiter {
  readonly #due = new Set<Collection>();
  #hierarchyDue = false;
  /** Looks that failed. */
  #postponed: Due | undefined;
  #end: Exclude<WaitResult['reason'], 'changes'> | undefined;
  #wake: (() => void) | undefined;

  constructor(
    private readonly collections: readonly Collection[],
    private readonly hierarchy: boolean,
    /** Milliseconds since 1970. */
    readonly since: number,
  ) {}

  /** Listens to the watch, and keeps the time, until disposed. */
  attach(watch: UserWatch, clock: Clock, timeout: number): Disposable {
    const listening = watch.listen((notice) => this.#hear(notice, watch));
    const folders = this.collections.map(({ folder }) => folder);
    const attending = watch.attend({ folders, hierarchy: this.hierarchy });
    const timer = clock.setTimeout(() => this.end('timeout'), timeout);
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        attending[Symbol.dispose]();
        timer[Symbol.dispose]();
      },
    };
  }

  end(reason: 'timeout' | 'superseded'): void {
    this.#end ??= reason;
    this.#wake?.();
  }

  /** Looks again when it is time to poll. */
  postpone(due: Due): void {
    this.#postponed = due;
  }

  /** Resolves when something was announced, or with the reason why the wait is over. @throws the signal's reason */
  async next({ signal }: Cancellable): Promise<Due | 'timeout' | 'superseded'> {
    signal.throwIfAborted();
    if (this.#end === undefined && this.#due.size === 0 && !this.#hierarchyDue) await this.#sleep(signal);
    if (this.#end !== undefined) return this.#end;
    const due = { collections: new Set(this.#due), hierarchy: this.#hierarchyDue };
    this.#due.clear();
    this.#hierarchyDue = false;
    return due;
  }

  #hear(notice: Parameters<NoticeListener>[0], watch: UserWatch): void {
    for (const collection of this.collections) {
      const concerns =
        notice === 'poll'
          ? !watch.covers(collection.folder)
          : notice.folderId === undefined || notice.folderId === collection.folder.id;
      if (concerns) this.#due.add(collection);
    }
    if (notice === 'poll') this.#takePostponed();
    else if (notice.hierarchy === true) this.#hierarchyDue = true;
    if (this.#due.size > 0 || this.#hierarchyDue) this.#wake?.();
  }

  #takePostponed(): void {
    for (const collection of this.#postponed?.collections ?? []) this.#due.add(collection);
    this.#hierarchyDue ||= this.#postponed?.hierarchy === true;
    this.#postponed = undefined;
  }

  #sleep(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#wake = undefined;
        reject(signal.reason as Error);
      };
      this.#wake = () => {
        this.#wake = undefined;
        signal.removeEventListener('abort', abort);
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
