import { serviceToken } from '../framework/token';

/** Work that is done again and again. @consumer @public */
export interface ScheduledJob {
  /** For logs and `oxtender jobs`. */
  readonly name: string;
  /** Milliseconds between the end of a run and the begin of the next. */
  readonly every: number;
  /** Spread of the interval, 0 to 1, so that hosts do not run in step. Default 0.1. */
  readonly jitter?: number;
  /** One run. The signal fires when the job or its bundle ends; failures are logged and the next run comes. */
  run(options: { signal: AbortSignal }): Promise<void>;
}

/** Runs jobs of a bundle; never two runs of one job at once; a failure is logged and the job goes on. @public */
export interface Scheduler {
  /** Dispose to stop; a run in progress is aborted. Ends with the bundle. */
  schedule(job: ScheduledJob): Disposable;
}

/** Host constant, one per bundle: `@Inject(Scheduler)`. @public */
export const Scheduler = serviceToken<Scheduler>('host.Scheduler');
