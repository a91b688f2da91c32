import type { Clock } from '@oxtender/bundle-api';

/** How much longer each look waits when the last found nothing. */
const slowing = 1.25;

/** Part of an interval by which it varies, so that users do not ask in step. */
const jitter = 0.2;

/** When to look: soon after a change, seldom when nothing changes, not at all in a pause; one look at a time. */
export class Rhythm implements Disposable {
  readonly #interval: number;
  readonly #idleInterval: number;
  #current: number;
  #last = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;
  #isPaused = false;
  #isLooking = false;
  #isDisposed = false;

  /** @param look - tells whether something had changed; undefined when it failed */
  constructor(
    private readonly options: { readonly clock: Clock; readonly interval: number; readonly idleInterval: number },
    private readonly look: () => Promise<boolean | undefined>,
  ) {
    this.#interval = options.interval;
    this.#idleInterval = Math.max(options.interval, options.idleInterval);
    this.#current = this.#interval;
  }

  /** Looks when it is time, or as soon as may be when there is something `isNew` to look at. Ends a pause. */
  plan(isNew = false): void {
    this.#isPaused = false;
    const since = this.options.clock.now() - this.#last;
    // Longer than any wait between two looks: after a pause.
    if (isNew || since > this.#idleInterval * (1 + jitter)) this.#current = this.#interval;
    if (this.#isLooking || this.#isDisposed) return;
    this.#timer?.[Symbol.dispose]();
    const varied = this.#current * (1 + jitter * (2 * Math.random() - 1));
    // The very first look does not vary: somebody has just begun to wait.
    this.#timer = this.options.clock.setTimeout(() => void this.#run(), Math.max(0, varied - since));
  }

  /** Something happens: looks more often again. */
  hurry(): void {
    this.#current = this.#interval;
    if (!this.#isPaused) this.plan();
  }

  pause(): void {
    this.#isPaused = true;
    this.#timer?.[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#timer?.[Symbol.dispose]();
  }

  async #run(): Promise<void> {
    this.#isLooking = true;
    const asked = this.#current;
    const changed = await this.look();
    this.#isLooking = false;
    this.#last = this.options.clock.now();
    if (changed === undefined) this.#current = this.#idleInterval;
    else if (changed) this.#current = this.#interval;
    // What became new meanwhile is not slowed down.
    else if (this.#current === asked) this.#current = Math.min(asked * slowing, this.#idleInterval);
    if (!this.#isPaused) this.plan();
  }
}
