import type { Instant } from '../../model/values';
import type { Cancellable } from './calls';

/** An automatic answer. @public */
export interface OutOfOffice {
  readonly state: 'off' | 'on' | 'scheduled';
  readonly start?: Instant;
  readonly end?: Instant;
  /** Who gets it: those of the user's own organisation alone. Absent: everybody. */
  readonly audience?: 'internal';
  readonly subject?: string;
  /** Plain text. */
  readonly message: string;
}

/** The user's automatic answer. @throws GroupwareError UNAVAILABLE @public */
export interface OutOfOfficeSettings {
  /** As it is now. */
  get(options: Cancellable): Promise<OutOfOffice>;
  /** Replaces it as a whole. */
  set(value: OutOfOffice, options: Cancellable): Promise<void>;
}
