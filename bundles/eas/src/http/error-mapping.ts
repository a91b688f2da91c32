import {
  type DatabaseErrorCode,
  type GroupwareErrorCode,
  isOxtenderError,
  type SyncErrorCode,
} from '@oxtender/bundle-api';
import type { ContentErrorCode } from '../content/content-error';
import type { CommandDescriptor } from '../protocol/command';
import { type CommonStatusCode, commonStatuses } from '../protocol/common-status';
import { MalformedRequest, type MalformedRequestCode } from '../protocol/malformed-request';
import { isAtLeast, type ProtocolVersion } from '../protocol/versions';
import type { ItemErrorCode } from '../values/item-error';
import type { WbxmlErrorCode } from '../wbxml';
import type { BadRequestCode } from './bad-request';

/** Codes of errors that can end a request. */
type FailureCode =
  | BadRequestCode
  | 'THROTTLED'
  | ContentErrorCode
  | WbxmlErrorCode
  | MalformedRequestCode
  | ItemErrorCode
  | GroupwareErrorCode
  | SyncErrorCode
  | DatabaseErrorCode;

/** A common status, which older versions are told by HTTP; or an HTTP status for every version. */
type Meaning = CommonStatusCode | number;

/**
 * What an error means in the protocol when no command made anything better of it: the one place where meaning becomes
 * numbers. [MS-ASCMD] "Common Status Codes", [MS-ASHTTP] "Status-Line".
 */
export const meanings: Readonly<Record<FailureCode, Meaning>> = {
  // the HTTP layer
  BAD_QUERY: 400,
  ANCIENT_VERSION: 505,
  UNKNOWN_COMMAND: 501,
  UNKNOWN_METHOD: 501,
  NO_CREDENTIALS: 401,
  BODY_TOO_LARGE: 413,
  BODY_INCOMPLETE: 400,
  THROTTLED: 503,
  NO_ROOM: 'SERVER_ERROR_RETRY_LATER',

  // the bytes
  BAD_HEADER: 'INVALID_WBXML',
  UNSUPPORTED_CHARSET: 'INVALID_WBXML',
  NO_ELEMENT: 'INVALID_WBXML',
  TRUNCATED: 'INVALID_WBXML',
  UNKNOWN_TAG: 'INVALID_WBXML',
  UNSUPPORTED_TOKEN: 'INVALID_WBXML',
  INTEGER_OVERFLOW: 'INVALID_WBXML',
  BAD_ENTITY: 'INVALID_WBXML',
  BAD_STRING_INDEX: 'INVALID_WBXML',
  TRAILING_DATA: 'INVALID_WBXML',
  TOO_DEEP: 'INVALID_WBXML',
  TOO_MANY_NODES: 'INVALID_WBXML',
  TOO_LONG: 'INVALID_WBXML',

  // the schema
  UNEXPECTED_ELEMENT: 'INVALID_XML',
  MISSING_ELEMENT: 'INVALID_XML',
  REPEATED_ELEMENT: 'INVALID_XML',
  TOO_MANY_ELEMENTS: 'INVALID_XML',
  WRONG_ORDER: 'INVALID_XML',
  UNEXPECTED_CONTENT: 'INVALID_XML',
  INVALID_VALUE: 'INVALID_XML',
  INVALID_DATE: 'INVALID_DATE_TIME',
  INVALID_RECURRENCE: 'INVALID_XML',
  UNSUPPORTED_CALENDAR: 'INVALID_XML',
  READ_ONLY: 'INVALID_XML',
  TOO_LARGE: 'INVALID_XML',

  // the groupware
  AUTHENTICATION: 401,
  PASSWORD_EXPIRED: 401,
  NOT_ALLOWED: 'USER_DISABLED_FOR_SYNC',
  PERMISSION: 'ACCESS_DENIED',
  NOT_FOUND: 'ITEM_NOT_FOUND',
  CONFLICT: 'SERVER_ERROR_RETRY_LATER',
  EXISTS: 'SERVER_ERROR',
  QUOTA: 'MAILBOX_QUOTA_EXCEEDED',
  INVALID: 'SERVER_ERROR',
  UNSUPPORTED: 'COMMAND_NOT_SUPPORTED',
  STALE_TOKEN: 'SYNC_STATE_CORRUPT',
  UNAVAILABLE: 503,
  BROKEN_ANSWER: 503,

  // synchronisation and its storage
  INVALID_SYNC_KEY: 'SYNC_STATE_NOT_FOUND',
  UNKNOWN_COLLECTION: 'INVALID_IDS',
  HIERARCHY_CHANGED: 'SERVER_ERROR_RETRY_LATER',
  COLLECTION_BUSY: 'SYNC_STATE_LOCKED',
  DEVICE_BLOCKED: 'DEVICE_IS_BLOCKED_FOR_THIS_USER',
  DEVICE_QUARANTINED: 'DEVICE_IS_BLOCKED_FOR_THIS_USER',
  TOO_MANY_DEVICES: 'MAXIMUM_DEVICES_REACHED',
  DEFAULT_FOLDER: 'ACCESS_DENIED',
  PARENT_NOT_FOUND: 'INVALID_IDS',
  OVERLOADED: 503,
  BUSY: 503,
  UPDATE_TASK_FAILED: 503,
  OUTCOME_UNKNOWN: 503,
  FULL: 503,
  DUPLICATE: 503,
};

/** What is known of the request that failed. */
export interface FailedRequest {
  readonly descriptor?: CommandDescriptor | undefined;
  readonly version?: ProtocolVersion | undefined;
  readonly policyKey?: number | undefined;
}

/** What the device is told. */
export interface FailureAnswer {
  readonly http: number;
  /** For the Status element of the command's own document. */
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Something for the operator to look into. Absent: the device, its user or the password is to blame. */
  readonly serverFault?: true;
}

/** Seconds after which a device may come back when nobody knows better. */
const defaultRetryAfter = 30;

/** Turns what was thrown into what the device is told. An unknown error is a server error, and no more is said of it. */
export function answerToError(error: unknown, request: FailedRequest): FailureAnswer {
  const meaning = meaningOf(error);
  const fault = meaning === 'SERVER_ERROR' ? ({ serverFault: true } as const) : {};
  const own = ownStatus(error, meaning, request.descriptor);
  if (own !== undefined) return { http: 200, status: own, ...fault };
  if (typeof meaning === 'number') return { http: meaning, ...retryAfter(meaning, error) };
  const { status } = commonStatuses[meaning];
  // A version that nobody knows is told both ways.
  if (meaning === 'VERSION_NOT_SUPPORTED') return { http: 400, ...(request.descriptor?.root ? { status } : {}) };
  const hasStatus = request.version && isAtLeast(request.version, '14.0') && request.descriptor?.root;
  if (hasStatus) return { http: 200, status, ...fault };
  const http = httpStatus(meaning, request);
  return { http, ...retryAfter(http, error), ...fault };
}

function ownStatus(error: unknown, meaning: Meaning, descriptor: CommandDescriptor | undefined): number | undefined {
  const { malformed, serverError } = descriptor?.status ?? {};
  if (error instanceof MalformedRequest) return typeof malformed === 'function' ? malformed(error) : malformed;
  return meaning === 'SERVER_ERROR' ? serverError : undefined;
}

function meaningOf(error: unknown): Meaning {
  if (!isOxtenderError(error)) return 'SERVER_ERROR';
  if (Object.hasOwn(commonStatuses, error.code)) return error.code as CommonStatusCode;
  return Object.hasOwn(meanings, error.code) ? meanings[error.code as FailureCode] : 'SERVER_ERROR';
}

/** The older versions' column of the table of common statuses, with the places where a command differs. */
function httpStatus(meaning: CommonStatusCode, { descriptor, policyKey }: FailedRequest): number {
  if (meaning === 'INVALID_IDS' && descriptor?.name === 'SendMail') return 500;
  if (meaning.startsWith('SYNC_STATE_') && descriptor?.name === 'Provision') return 500;
  if (meaning === 'REMOTE_WIPE_REQUESTED' && policyKey === undefined) return 403;
  return commonStatuses[meaning].http ?? 500;
}

function retryAfter(http: number, error: unknown): { retryAfter?: number } {
  if (http !== 503) return {};
  const known = error instanceof Error && 'retryAfter' in error ? error.retryAfter : undefined;
  return { retryAfter: typeof known === 'number' ? Math.max(1, Math.ceil(known / 1000)) : defaultRetryAfter };
}
