import type { Clock, Logger, OperatorCommands } from '@oxtender/bundle-api';
import { figuresBetween } from './figures';
import { type MetricRow, MetricValues } from './metric-values';
import type { Sample } from './sample';

/** Points that are kept for a browser that comes later: an hour at one every five seconds. */
const most = 720;

/** Takes the figures again and again, so that a plot has a past when it is opened. */
export class Sampler implements Disposable {
  readonly #over = new AbortController();
  #timer: Disposable | undefined;
  readonly #samples: Sample[] = [];
  readonly #listeners = new Set<(sample: Sample) => void>();
  #before: MetricValues | undefined;

  constructor(
    private readonly commands: OperatorCommands,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Milliseconds. */
    private readonly interval: () => number,
  ) {}

  start(): void {
    this.#timer = this.clock.setTimeout(() => void this.#round(), this.interval());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#over.abort(new Error('the console stops'));
    this.#listeners.clear();
  }

  /** Oldest first. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  listen(listener: (sample: Sample) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async #round(): Promise<void> {
    try {
      await this.take();
    } catch (error) {
      this.log.warn('the figures of the live view could not be taken', { error });
    }
    if (!this.#over.signal.aborted) this.start();
  }

  async take(): Promise<void> {
    const { signal } = this.#over;
    const request = { command: 'metrics', options: { buckets: true }, user: 'console', signal };
    const { result } = await this.commands.run(request);
    const now = new MetricValues(this.clock.now(), result as MetricRow[]);
    const before = this.#before;
    this.#before = now;
    if (!before) return;
    const sample = { time: now.time, figures: figuresBetween(before, now) };
    this.#samples.push(sample);
    if (this.#samples.length > most) this.#samples.shift();
    for (const listener of this.#listeners) listener(sample);
  }
}
