import { OxtenderError } from '../../errors';

/**
 * What went wrong in the groupware, in words that no backend owns.
 *
 * - `AUTHENTICATION`: user name or password refused; do not try again with the same
 * - `PASSWORD_EXPIRED`: the password is right and has to be changed before anything else
 * - `NOT_ALLOWED`: the account may not synchronise (disabled, locked, no licence)
 * - `PERMISSION`: no right for this folder or item
 * - `NOT_FOUND`: folder or item is gone
 * - `CONFLICT`: somebody changed it since the version that the caller knows
 * - `EXISTS`: a folder of that name, or an item of that UID, is there
 * - `QUOTA`: no space, or a limit of the server
 * - `TOO_LONG`: a value is longer than the backend stores; `fields` names it
 * - `INVALID`: the backend refuses the content
 * - `UNSUPPORTED`: the backend has no such feature
 * - `STALE_TOKEN`: the change token is too old; list the folder anew
 * - `UNAVAILABLE`: not reachable, overloaded or out of order; try again later
 * - `BROKEN_ANSWER`: the backend answered nonsense
 *
 * @public
 */
export type GroupwareErrorCode =
  | 'AUTHENTICATION'
  | 'PASSWORD_EXPIRED'
  | 'NOT_ALLOWED'
  | 'PERMISSION'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'EXISTS'
  | 'QUOTA'
  | 'TOO_LONG'
  | 'INVALID'
  | 'UNSUPPORTED'
  | 'STALE_TOKEN'
  | 'UNAVAILABLE'
  | 'BROKEN_ANSWER';

/** A failure of the groupware, by meaning: protocols map its code in one table. @public */
export class GroupwareError extends OxtenderError<GroupwareErrorCode> {
  /** With `TOO_LONG`: names of the record's fields. */
  readonly fields: readonly string[];
  /** The backend's own words, for the log: code, error id. */
  readonly backend: Readonly<Record<string, unknown>>;
  /** With `UNAVAILABLE`: when to come back, in milliseconds, if the backend said so. */
  readonly retryAfter: number | undefined;

  constructor(
    code: GroupwareErrorCode,
    message: string,
    options: {
      cause?: unknown;
      fields?: readonly string[];
      backend?: Readonly<Record<string, unknown>>;
      retryAfter?: number;
    } = {},
  ) {
    super(code, message, {
      ...('cause' in options ? { cause: options.cause } : {}),
      retryable: code === 'UNAVAILABLE',
    });
    this.fields = options.fields ?? [];
    this.backend = options.backend ?? {};
    this.retryAfter = options.retryAfter;
  }
}
