import type { Clock } from '@oxtender/bundle-api';

/** A statement that waits for its answer. */
export interface Awaited {
  /** Milliseconds since 1970 when it was sent. */
  readonly since: number;
  readonly giveUp: () => void;
}

/**
 * Gives up statements whose server is silent. One timer for all of them: a timer of its own would cost each statement more
 * than its parameters do.
 */
export class SilenceWatch {
  readonly #awaited = new Set<Awaited>();
  #timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    /** Milliseconds; a statement is given up after up to a quarter more. */
    private readonly longest: number,
  ) {}

  add(giveUp: () => void): Awaited {
    const awaited = { since: this.clock.now(), giveUp };
    this.#awaited.add(awaited);
    this.#timer ??= this.clock.setInterval(() => this.#look(), this.longest / 4);
    return awaited;
  }

  remove(awaited: Awaited): void {
    this.#awaited.delete(awaited);
  }

  #look(): void {
    if (this.#awaited.size === 0) this[Symbol.dispose]();
    const latest = this.clock.now() - this.longest;
    for (const awaited of this.#awaited) {
      // In the order of sending: the rest is younger.
      if (awaited.since > latest) return;
      this.#awaited.delete(awaited);
      awaited.giveUp();
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
