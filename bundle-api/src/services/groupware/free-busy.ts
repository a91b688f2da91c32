import type { Instant } from '../../model/values';
import type { Cancellable } from './calls';

/** A stretch of somebody's time. @public */
export interface BusyPeriod {
  readonly start: Instant;
  readonly end: Instant;
  readonly status: 'tentative' | 'busy' | 'away';
}

/** When people have time. @public */
export interface FreeBusy {
  /** @returns one list per address in order; undefined: no data for that address */
  query(
    addresses: readonly string[],
    range: { start: Instant; end: Instant },
    options: Cancellable,
  ): Promise<(readonly BusyPeriod[] | undefined)[]>;
}
