import type { Clock, Logger, ScheduledJob, Scheduler } from '@oxtender/bundle-api';

/** A job as `oxtender jobs` shows it. */
export interface JobReport {
  readonly owner: string;
  readonly name: string;
  readonly every: number;
  readonly running: boolean;
  readonly runs: number;
  readonly failures: number;
  /** Milliseconds since 1970, undefined before the first run ended. */
  readonly lastEnd: number | undefined;
}

/** All jobs of the process, one scheduler per owner. */
export class Schedulers {
  readonly #jobs = new Set<Job>();

  constructor(private readonly options: { clock: Clock; random?: () => number }) {}

  /** A scheduler for one bundle; disposing it ends its jobs. */
  createScheduler(owner: string, log: Logger): Scheduler & Disposable {
    const own = new Set<Job>();
    return {
      schedule: (definition) => {
        const job = new Job(owner, definition, { log, ...this.options, random: this.options.random ?? Math.random });
        for (const set of [own, this.#jobs]) set.add(job);
        return {
          [Symbol.dispose]: () => {
            job.end();
            for (const set of [own, this.#jobs]) set.delete(job);
          },
        };
      },
      [Symbol.dispose]: () => {
        for (const job of own) {
          job.end();
          this.#jobs.delete(job);
        }
        own.clear();
      },
    };
  }

  list(): JobReport[] {
    return [...this.#jobs].map((job) => job.report());
  }
}

/** Waits, runs, and waits again from the end of the run: never two runs at once. */
class Job {
  readonly #end = new AbortController();
  #timer: Disposable | undefined;
  #running = false;
  #runs = 0;
  #failures = 0;
  #lastEnd: number | undefined;

  constructor(
    private readonly owner: string,
    private readonly definition: ScheduledJob,
    private readonly tools: { clock: Clock; log: Logger; random: () => number },
  ) {
    this.#wait();
  }

  report(): JobReport {
    const { owner, definition } = this;
    const counts = { running: this.#running, runs: this.#runs, failures: this.#failures, lastEnd: this.#lastEnd };
    return { owner, name: definition.name, every: definition.every, ...counts };
  }

  end(): void {
    this.#timer?.[Symbol.dispose]();
    this.#end.abort(new Error(`job ${this.definition.name} was ended`));
  }

  #wait(): void {
    const { every, jitter = 0.1 } = this.definition;
    const spread = 1 + jitter * (2 * this.tools.random() - 1);
    this.#timer = this.tools.clock.setTimeout(() => void this.#run(), Math.round(every * spread));
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      await this.definition.run({ signal: this.#end.signal });
    } catch (error) {
      if (!this.#end.signal.aborted) {
        this.#failures++;
        this.tools.log.error('scheduled job failed', { job: this.definition.name, error });
      }
    }
    this.#running = false;
    this.#runs++;
    this.#lastEnd = this.tools.clock.now();
    if (!this.#end.signal.aborted) this.#wait();
  }
}
