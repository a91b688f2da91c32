import { serviceToken } from '../framework/token';
import type { Cancellable } from './groupware/calls';
import type { Credentials } from './groupware/groupware-bridge';

/** How good what was found is. `skipped`: the check was not given what it needs, or does not apply. @public */
export type Verdict = 'ok' | 'warn' | 'fail' | 'skipped';

/** What a diagnostic check found. @public */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence: what is so. No password, no secret. */
  readonly message: string;
  /** What an operator does about it, as a command or a setting where there is one. */
  readonly remedy?: string;
}

/** What `oxtender doctor` was told to check with. @public */
export interface DiagnosticRequest extends Cancellable {
  /** Of a test account. Never logged, never stored. */
  readonly credentials?: Credentials;
  /** By which devices reach this host: `https://mail.example.com`, without a slash at the end. */
  readonly publicUrl?: string;
  /** Domain of the users' mail addresses. */
  readonly domain?: string;
  /** Address of the name server to ask, with a port where it is not 53; absent: as the system does. */
  readonly resolver?: string;
  /** Milliseconds that one request is to be held at the public address; `heartbeat`: as long as devices may wait. */
  readonly hold?: number | 'heartbeat';
}

/**
 * One thing that can be wrong with an installation, checked by `oxtender doctor`: contributed by the bundle that knows about it.
 * A {@link HealthCheck} watches the running host every few seconds; this one may take its time, ask others, and needs an operator.
 *
 * @consumer @public
 */
export interface DiagnosticCheck {
  /** Unique, short, lower case: `ox login`. */
  readonly name: string;
  /**
   * Looks. Leaves nothing behind.
   *
   * @returns one finding or more, the worst of them counts
   * @throws whatever prevents looking: the operator is told, as a failure of this check
   */
  run(request: DiagnosticRequest): Promise<readonly Finding[]>;
}

/** Its token: what it is registered and found by. @public */
export const DiagnosticCheck = serviceToken<DiagnosticCheck>('host.DiagnosticCheck');
