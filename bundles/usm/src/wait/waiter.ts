import {
  type Cancellable,
  type ChangeNotice,
  isOxtenderError,
  type WaitResult,
  type WatchInterest,
} from '@oxtender/bundle-api';
import type { Collection } from '../sync/collection';
import type { SessionAddress } from '../tables/collection-address';
import type { UserWatch, WatchListener } from './user-watch';

/** One wait of a device: what it watches, and how to look. */
export interface Wait extends Cancellable {
  readonly session: SessionAddress;
  /** Whose turn it is when many want to look. */
  readonly user: string;
  readonly watch: UserWatch;
  readonly collections: readonly Collection[];
  readonly hierarchy: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Aborted when the wait is to end as if its time were over. */
  readonly end: AbortSignal | undefined;
  /** True when there is something for the device in the collection. */
  hasChanges(collection: Collection): Promise<boolean>;
  hasHierarchyChanges(): Promise<boolean>;
  /** Called when the wait is over, before its promise settles. */
  ended(): void;
}

/** How waiters get their turn to look, and what becomes of them. */
export interface WaiterHost {
  /** For a look that does not hurry. @returns what takes it back, unless it has begun */
  takeTurn(waiter: Waiter, look: () => Promise<void>): Disposable;
  /** A look failed, and is made again when it is time to poll. */
  postponed(waiter: Waiter, error: unknown): void;
  ended(waiter: Waiter): void;
}

/** What a wait ends with: one of both, once. */
export interface Settle {
  readonly resolve: (result: WaitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What to look at next. */
interface Due {
  readonly collections: readonly Collection[];
  readonly hierarchy: boolean;
}

/**
 * One wait of a device. Looks when it begins, when it is time to poll, and, at once, when something is announced; gathers
 * what is announced while it looks. Between two looks it is nothing but this object: thousands wait.
 */
export class Waiter implements WatchListener {
  #due: Collection[];
  #isHierarchyDue: boolean;
  /** Looks that failed. */
  #postponed: Due | undefined;
  #turn: Disposable | undefined;
  #isFirst = true;
  #isLooking = false;
  #timer: Disposable | undefined;
  #settle: Settle | undefined;

  constructor(
    readonly wait: Wait,
    private readonly host: WaiterHost,
    /** Milliseconds since 1970. */
    readonly since: number,
  ) {
    this.#due = [...wait.collections];
    this.#isHierarchyDue = wait.hierarchy;
  }

  get interest(): WatchInterest {
    const { collections, hierarchy } = this.wait;
    return { folders: collections.map(({ folder }) => folder), hierarchy };
  }

  /** @param settle - rejected with what a look fails with, or the signal's reason */
  run(settle: Settle, setTimer: (end: () => void) => Disposable): void {
    this.#settle = settle;
    const { signal, watch } = this.wait;
    if (signal.aborted) {
      this.#fail(signal.reason);
      return;
    }
    signal.addEventListener('abort', this);
    watch.add(this);
    this.#timer = setTimer(() => this.end('timeout'));
    this.#lookInTurn();
  }

  hear(notice: ChangeNotice | 'poll'): void {
    const { collections, watch } = this.wait;
    for (const collection of collections) {
      const concerns =
        notice === 'poll'
          ? !watch.covers(collection.folder)
          : notice.folderId === undefined || notice.folderId === collection.folder.id;
      if (concerns) this.#add(collection);
    }
    if (notice === 'poll') this.#takePostponed();
    else if (notice.hierarchy === true) this.#isHierarchyDue = true;
    if (!this.#isDue || this.#isLooking) return;
    if (notice === 'poll') this.#lookInTurn();
    else this.#lookNow();
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#fail(this.wait.signal.reason);
  }

  end(reason: 'timeout' | 'superseded'): void {
    this.#succeed({ reason, collections: [], hierarchy: false });
  }

  get #isDue(): boolean {
    return this.#due.length > 0 || this.#isHierarchyDue;
  }

  #add(collection: Collection): void {
    if (!this.#due.includes(collection)) this.#due.push(collection);
  }

  #takePostponed(): void {
    for (const collection of this.#postponed?.collections ?? []) this.#add(collection);
    this.#isHierarchyDue ||= this.#postponed?.hierarchy === true;
    this.#postponed = undefined;
  }

  #lookInTurn(): void {
    if (this.#turn) return;
    const turn = this.host.takeTurn(this, () => this.#look());
    // It may have come at once.
    if (!this.#isLooking) this.#turn = turn;
  }

  #lookNow(): void {
    this.#turn?.[Symbol.dispose]();
    void this.#look();
  }

  async #look(): Promise<void> {
    this.#turn = undefined;
    this.#isLooking = true;
    while (this.#settle && this.#isDue) await this.#lookAtDue();
    this.#isLooking = false;
  }

  async #lookAtDue(): Promise<void> {
    const due: Due = { collections: this.#due, hierarchy: this.#isHierarchyDue };
    this.#due = [];
    this.#isHierarchyDue = false;
    try {
      const found = await this.#changesIn(due);
      if (found) this.#succeed(found);
    } catch (error) {
      // What was answered at the beginning stands until the groupware can be asked again.
      const isPassing =
        isOxtenderError(error, 'COLLECTION_BUSY') || (!this.#isFirst && isOxtenderError(error, 'UNAVAILABLE'));
      if (isPassing) this.#postpone(due, error);
      else this.#fail(error);
    }
    this.#isFirst = false;
  }

  async #changesIn({ collections, hierarchy }: Due): Promise<WaitResult | undefined> {
    const { wait } = this;
    const isOther = hierarchy && wait.hierarchy && (await wait.hasHierarchyChanges());
    const changed = [];
    for (const collection of collections) if (await wait.hasChanges(collection)) changed.push(collection.id);
    return isOther || changed.length > 0 ? { reason: 'changes', collections: changed, hierarchy: isOther } : undefined;
  }

  #postpone(due: Due, error: unknown): void {
    this.#postponed = due;
    this.host.postponed(this, error);
  }

  #succeed(result: WaitResult): void {
    const settle = this.#leave();
    settle?.resolve(result);
  }

  #fail(error: unknown): void {
    const settle = this.#leave();
    settle?.reject(error);
  }

  #leave(): Settle | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    if (!settle) return undefined;
    this.#turn?.[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
    this.wait.signal.removeEventListener('abort', this);
    this.wait.watch.delete(this);
    this.host.ended(this);
    this.wait.ended();
    return settle;
  }
}
