import type { BundleContext, Clock, HealthResult, HealthStatus } from '@oxtender/bundle-api';
import { HealthCheck } from '@oxtender/bundle-api';
import { type LiveService, LiveServices } from '../tracking/live-services';
import { CheckRun, defaultTimes, type HealthTimes } from './check-run';
import { worst } from './status';

/** What one check found. */
export interface CheckReport extends HealthResult {
  readonly name: string;
  readonly tags: readonly string[];
  readonly bundle: string;
}

/** The composite and its parts. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: readonly CheckReport[];
}

export interface HealthOptions {
  readonly clock: Clock;
  readonly times?: Partial<HealthTimes>;
  /** Names of checks that must be there (rule B4). */
  expected(): readonly string[];
}

/** Runs the health checks that bundles register. Rules B1, B2, B4. */
export class HealthService {
  readonly #runs = new Map<LiveService<HealthCheck>, CheckRun>();
  readonly #timers = new Map<LiveService<HealthCheck>, Disposable>();
  readonly #known = new Map<string, HealthStatus>();
  readonly #listeners = new Set<(report: CheckReport, before: HealthStatus) => void>();
  #set: LiveServices<HealthCheck> | undefined;

  constructor(private readonly options: HealthOptions) {}

  open(context: BundleContext): void {
    this.#set = new LiveServices(context, HealthCheck, {
      added: (live) => this.#add(live),
      changed: (live) => this.#add(live),
      removed: (live) => this.#remove(live),
    });
  }

  /** Told when a check finds something else than the last time. */
  onChange(listener: (report: CheckReport, before: HealthStatus) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Of all checks. */
  get tags(): string[] {
    return [...new Set((this.#set?.values() ?? []).flatMap(tagsOf))];
  }

  /** All checks, or those with one of the tags. */
  async report(tags: readonly string[] = []): Promise<HealthReport> {
    const chosen = (this.#set?.values() ?? []).filter(
      (live) => tags.length === 0 || tagsOf(live).some((tag) => tags.includes(tag)),
    );
    const checks = await Promise.all(chosen.map((live) => this.#reportOf(live)));
    if (tags.length === 0) checks.push(...this.#missing());
    for (const check of checks) this.#note(check);
    return { status: worst(checks.map(({ status }) => status)), checks };
  }

  #note(check: CheckReport): void {
    const key = `${check.bundle} ${check.name}`;
    const before = this.#known.get(key) ?? 'OK';
    this.#known.set(key, check.status);
    if (before !== check.status) for (const listener of [...this.#listeners]) listener(check, before);
  }

  async #reportOf(live: LiveService<HealthCheck>): Promise<CheckReport> {
    const result = (await this.#runs.get(live)?.result()) ?? {
      status: 'TEMPORARILY_UNAVAILABLE',
      message: 'the check is not ready',
    };
    return { ...result, name: nameOf(live), tags: tagsOf(live), bundle: live.reference.bundle?.symbolicName ?? '' };
  }

  #missing(): CheckReport[] {
    const present = new Set((this.#set?.values() ?? []).map(nameOf));
    return this.options
      .expected()
      .filter((name) => !present.has(name))
      .map((name) => ({
        name,
        tags: [],
        bundle: '',
        status: 'WARN',
        message: 'this check is expected, and nobody provides it',
      }));
  }

  #add(live: LiveService<HealthCheck>): void {
    const { service, reference } = live;
    if (!service || this.#runs.has(live)) return;
    const { clock, times } = this.options;
    const run = new CheckRun(service, {
      clock,
      times: { ...defaultTimes, ...times },
      sticky: numberOf(reference.getProperty('health.sticky')),
    });
    this.#runs.set(live, run);
    const interval = numberOf(reference.getProperty('health.interval'));
    if (interval > 0)
      this.#timers.set(
        live,
        clock.setInterval(() => void run.result(), interval),
      );
  }

  #remove(live: LiveService<HealthCheck>): void {
    this.#runs.delete(live);
    this.#timers.get(live)?.[Symbol.dispose]();
    this.#timers.delete(live);
  }
}

function nameOf({ service, reference }: LiveService<HealthCheck>): string {
  const name = reference.getProperty('health.name');
  return typeof name === 'string' ? name : (service?.name ?? 'unnamed');
}

function tagsOf({ service, reference }: LiveService<HealthCheck>): readonly string[] {
  const tags = reference.getProperty('health.tags');
  return Array.isArray(tags) ? (tags as string[]) : (service?.tags ?? []);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
