import type { Clock, HealthCheck, HealthResult } from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';
import { healthOrder } from './status';

/** Times in milliseconds. */
export interface HealthTimes {
  /** A result is good for so long. */
  readonly cache: number;
  /** A check that takes longer is WARN… */
  readonly timeout: number;
  /** …and one that takes so long CRITICAL. */
  readonly excessive: number;
  /** TEMPORARILY_UNAVAILABLE for longer is CRITICAL. */
  readonly grace: number;
}

export const defaultTimes: HealthTimes = { cache: 2000, timeout: 2000, excessive: 60_000, grace: 60_000 };

/** One check: its last result, and the run that goes on (rule B1). */
export class CheckRun {
  #result: HealthResult | undefined;
  #at = 0;
  #running: { readonly since: number; readonly done: Promise<HealthResult> } | undefined;
  #unavailableSince: number | undefined;
  #bad: { readonly result: HealthResult; readonly until: number } | undefined;

  constructor(
    private readonly check: HealthCheck,
    private readonly options: { clock: Clock; times: HealthTimes; sticky: number },
  ) {}

  /** Of the cache, or of a run that is waited for as long as the time-out allows. */
  async result(): Promise<HealthResult> {
    const { clock, times } = this.options;
    if (this.#result && clock.now() - this.#at < times.cache) return this.#lasting(this.#result);
    this.#running ??= { since: clock.now(), done: this.#run() };
    const { since, done } = this.#running;
    const late = clock.now() - since > times.excessive ? tooLate('CRITICAL', since, clock) : undefined;
    return this.#lasting(late ?? (await this.#inTime(done, since)));
  }

  async #run(): Promise<HealthResult> {
    const end = new AbortController();
    const timer = this.options.clock.setTimeout(
      () => end.abort(new Error('the health check takes too long')),
      this.options.times.excessive,
    );
    try {
      return await this.check.run({ signal: end.signal });
    } catch (error) {
      return { status: 'HEALTH_CHECK_ERROR', message: errorText(error) };
    } finally {
      timer[Symbol.dispose]();
      this.#running = undefined;
    }
  }

  async #inTime(done: Promise<HealthResult>, since: number): Promise<HealthResult> {
    const { clock, times } = this.options;
    let timer: Disposable | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = clock.setTimeout(() => resolve(undefined), times.timeout);
    });
    const result = await Promise.race([done, late]);
    timer?.[Symbol.dispose]();
    if (!result) return tooLate('WARN', since, clock);
    this.#result = result;
    this.#at = clock.now();
    return result;
  }

  /** A long unavailability is critical; a bad result of a sticky check stays for its time. */
  #lasting(result: HealthResult): HealthResult {
    const { clock, times, sticky } = this.options;
    if (result.status !== 'TEMPORARILY_UNAVAILABLE') this.#unavailableSince = undefined;
    else this.#unavailableSince ??= clock.now();
    const tooLong = this.#unavailableSince !== undefined && clock.now() - this.#unavailableSince > times.grace;
    const current: HealthResult = tooLong ? { ...result, status: 'CRITICAL' } : result;
    if (sticky === 0) return current;
    const rank = healthOrder.indexOf(current.status);
    if (rank > 0 && rank >= healthOrder.indexOf(this.#bad?.result.status ?? 'OK'))
      this.#bad = { result: current, until: clock.now() + sticky };
    return this.#bad && clock.now() < this.#bad.until && rank === 0 ? this.#bad.result : current;
  }
}

function tooLate(status: 'WARN' | 'CRITICAL', since: number, clock: Clock): HealthResult {
  return { status, message: `the check has not answered for ${clock.now() - since} ms` };
}
