/**
 * Base of every error that crosses a room of the house. Test by `code`, never by `instanceof`:
 * two bundles may carry two copies of a class.
 *
 * @public
 */
export class OxtenderError<Code extends string = string> extends Error {
  /** Stable, machine-readable meaning. Each subclass closes the set. */
  readonly code: Code;
  /** True when the same call may succeed later without a change by anybody. */
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * True for an {@link OxtenderError} of any copy of this package; with `codes`, only for those codes.
 *
 * @public
 */
export function isOxtenderError<Code extends string>(
  error: unknown,
  ...codes: readonly Code[]
): error is OxtenderError<Code> {
  if (!(error instanceof Error) || !('code' in error) || !('retryable' in error)) return false;
  return codes.length === 0 || (codes as readonly unknown[]).includes(error.code);
}

/**
 * Codes of {@link BundleError}. OSGi Core, "BundleException", and rule M5.
 *
 * @public
 */
export type BundleErrorCode =
  | 'RESOLVE_ERROR'
  | 'ACTIVATOR_ERROR'
  | 'STATECHANGE_ERROR'
  | 'DUPLICATE_BUNDLE_ERROR'
  | 'MANIFEST_ERROR'
  | 'READ_ERROR'
  | 'START_TRANSIENT_ERROR'
  | 'INVALID_OPERATION'
  | 'REJECTED_BY_HOOK'
  | 'INTEGRITY_ERROR'
  | 'STOP_TIMEOUT'
  | 'START_TIMEOUT';

/** Thrown by lifecycle operations (rule M5); `cause` holds the original. @public */
export class BundleError extends OxtenderError<BundleErrorCode> {
  /** RESOLVE_ERROR: the explanation; MANIFEST_ERROR: all faults; STATECHANGE_ERROR: the chain of operations. */
  readonly details: unknown;

  constructor(code: BundleErrorCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(code, message, 'cause' in options ? { cause: options.cause } : {});
    this.details = options.details;
  }
}

/**
 * A service factory broke its promise (rules S15, S16). Reaches nobody but the framework's ERROR event.
 *
 * @public
 */
export class ServiceError extends OxtenderError<'FACTORY_ERROR' | 'FACTORY_EXCEPTION' | 'FACTORY_RECURSION'> {}

/** A revocable handle was called after its service had gone (rule S24). @public */
export class ServiceGoneError extends OxtenderError<'SERVICE_GONE'> {
  /** Id of the token under which the service was found. */
  readonly token: string;
  /** Symbolic name of the bundle that had registered it. */
  readonly bundle: string;
  /** Milliseconds since 1970 when it went. */
  readonly since: number;

  constructor(token: string, bundle: string, since: number) {
    super('SERVICE_GONE', `service ${token} of bundle ${bundle} has gone`, { retryable: true });
    this.token = token;
    this.bundle = bundle;
    this.since = since;
  }
}

/** A bundle did what its manifest does not permit (rule X4). @public */
export class PermissionError extends OxtenderError<'PERMISSION_DENIED'> {
  constructor(message: string) {
    super('PERMISSION_DENIED', message);
  }
}

/** Use after the end: a stale context, an uninstalled bundle, an unregistered service (rule M5). @public */
export class IllegalStateError extends OxtenderError<'ILLEGAL_STATE'> {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('ILLEGAL_STATE', message, options);
  }
}

/** A filter that does not parse (rules M5, F1). @public */
export class InvalidSyntaxError extends OxtenderError<'INVALID_SYNTAX'> {
  /** Offset of the offending character in the filter, from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super('INVALID_SYNTAX', `${message} at position ${position}`);
    this.position = position;
  }
}

/**
 * - `UPDATE_TASK_FAILED`: the message says what stands and what to do
 * - `UNAVAILABLE`: the server or its file can't be reached; nothing was changed
 * - `BUSY`: somebody else holds a lock, or all connections are taken, for too long; nothing was changed
 * - `OUTCOME_UNKNOWN`: the connection broke while a change was being committed; look before you repeat it
 * - `FULL`: no room on the disk; nothing was changed
 * - `DUPLICATE`: a row with this key exists
 *
 * @public
 */
export type DatabaseErrorCode =
  'UPDATE_TASK_FAILED' | 'UNAVAILABLE' | 'BUSY' | 'OUTCOME_UNKNOWN' | 'FULL' | 'DUPLICATE';

/** Thrown by the Database service. @public */
export class DatabaseError extends OxtenderError<DatabaseErrorCode> {}
