import {
  type BundleContext,
  type Clock,
  DiagnosticCheck,
  type DiagnosticRequest,
  type Finding,
  type Verdict,
} from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';
import { LiveServices } from '../tracking/live-services';

/** One finding, with the check that made it. */
export interface DoctorRow extends Finding {
  readonly check: string;
  /** Symbolic name of the bundle that knows about it; the host's own have none. */
  readonly bundle?: string;
}

export interface DoctorOptions {
  readonly context: BundleContext;
  readonly clock: Clock;
  readonly own: readonly DiagnosticCheck[];
}

export interface Examination extends DiagnosticRequest {
  /** Only these checks; all when none is named. */
  readonly only: readonly string[];
  readonly progress: (text: string) => void;
}

interface KnownCheck {
  readonly check: DiagnosticCheck;
  readonly bundle?: string;
}

/** Worst last. */
const verdictOrder: readonly Verdict[] = ['ok', 'skipped', 'warn', 'fail'];

/** Milliseconds that a check has; one that holds a request has as long as that in addition. */
const patience = 60_000;
/** No device waits longer. */
const longestHold = 3_600_000;

/** Runs the diagnostic checks of the host and of the bundles, all at the same time. */
export class Doctor {
  readonly #contributed: LiveServices<DiagnosticCheck>;

  constructor(private readonly options: DoctorOptions) {
    this.#contributed = new LiveServices(options.context, DiagnosticCheck);
  }

  /** In the order of the checks. @throws Error for a name that no check has */
  async examine({ only, progress, ...request }: Examination): Promise<DoctorRow[]> {
    const known = this.#checks();
    for (const name of only)
      if (!known.some(({ check }) => check.name === name))
        throw new Error(`there is no check ${name}: ${known.map(({ check }) => check.name).join(', ')}`);
    const chosen = known.filter(({ check }) => only.length === 0 || only.includes(check.name));
    const left = new Set(chosen.map(({ check }) => check.name));
    const told = (): void => progress(`waits for ${[...left].join(', ')}`);
    told();
    const rows = await Promise.all(
      chosen.map(async (one) => {
        const found = await this.#run(one, request);
        left.delete(one.check.name);
        if (left.size > 0) told();
        return found;
      }),
    );
    return rows.flat();
  }

  #checks(): KnownCheck[] {
    const own = this.options.own.map((check) => ({ check }));
    const contributed = this.#contributed.values().flatMap(({ service, reference }) => {
      const bundle = reference.bundle?.symbolicName;
      return service ? [{ check: service, ...(bundle !== undefined && { bundle }) }] : [];
    });
    return [...own, ...contributed];
  }

  async #run({ check, bundle }: KnownCheck, request: DiagnosticRequest): Promise<DoctorRow[]> {
    const { name } = check;
    const from = { check: name, ...(bundle !== undefined && { bundle }) };
    const hold = request.hold === 'heartbeat' ? longestHold : (request.hold ?? 0);
    const late = new AbortController();
    const timer = this.options.clock.setTimeout(
      () => late.abort(new Error(`no result within ${(patience + hold) / 1000} s`)),
      patience + hold,
    );
    const signal = AbortSignal.any([request.signal, late.signal]);
    try {
      const findings = await Promise.race([check.run({ ...request, signal }), aborted(signal)]);
      return findings.map((finding) => ({ ...from, ...finding }));
    } catch (error) {
      request.signal.throwIfAborted();
      return [{ ...from, verdict: 'fail', message: errorText(error) }];
    } finally {
      timer[Symbol.dispose]();
    }
  }
}

export function worstOf(rows: readonly DoctorRow[]): Verdict {
  const rank = Math.max(0, ...rows.map(({ verdict }) => verdictOrder.indexOf(verdict)));
  return verdictOrder[rank] ?? 'ok';
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
