import type { DatabaseErrorCode } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import { QueryFailedError } from 'typeorm';

/** The server undid the statement or the transaction because two were in each other's way. */
const victims = ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD', 'ER_TABLE_DEF_CHANGED'];

/** The connection is gone, or the server can't serve now. */
const outages = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_NORMAL_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_SERVER_SHUTDOWN',
  'ER_USER_LIMIT_REACHED',
];

/** As an outage, but it took long to find out: not worth another try within the same call. */
const silences = ['ETIMEDOUT', 'PROTOCOL_SEQUENCE_TIMEOUT'];

/** The server is there, and refuses us or broke off: only the operator can help. */
const refusals = [
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_HOST_IS_BLOCKED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
];

const meanings = new Map<string, DatabaseErrorCode>([
  ...victims.map((code) => [code, 'BUSY'] as const),
  ...[...outages, ...silences, ...refusals].map((code) => [code, 'UNAVAILABLE'] as const),
  ['ER_DUP_ENTRY', 'DUPLICATE'],
  ['ER_DUP_ENTRY_WITH_KEY_NAME', 'DUPLICATE'],
  ['ER_DISK_FULL', 'FULL'],
  ['ER_RECORD_FILE_FULL', 'FULL'],
  ['ER_STATEMENT_TIMEOUT', 'BUSY'],
  ['ER_QUERY_TIMEOUT', 'BUSY'],
]);

/** The driver's error as the contract has it, without the parameters that the driver writes into it. */
export function mysqlError(error: unknown, sql: string): Error {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error as Error;
  const code = mysqlCode(error);
  if ('sql' in error) error.sql = sql;
  const meaning = meanings.get(code) ?? (isFatal(error) ? 'UNAVAILABLE' : undefined);
  if (!meaning) return new QueryFailedError(sql, undefined, error);
  const retryable = meaning !== 'DUPLICATE' && !refusals.includes(code);
  return new DatabaseError(meaning, code ? `${code}: ${error.message}` : error.message, { cause: error, retryable });
}

export function mysqlCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True when the connection is of no more use. */
export function isConnectionLost(error: unknown): boolean {
  const cause = causeOf(error);
  return outages.includes(mysqlCode(cause)) || silences.includes(mysqlCode(cause)) || isFatal(cause);
}

/** True when the same may succeed on another connection, or at another moment, and nothing was changed yet. */
export function isPassing(error: unknown): boolean {
  const cause = causeOf(error);
  // The driver has no code for a connection that was closed before it was asked.
  return isVictim(error) || outages.includes(mysqlCode(cause)) || (isFatal(cause) && mysqlCode(cause) === '');
}

/** True when the server undid it so that somebody else could go on. */
export function isVictim(error: unknown): boolean {
  return victims.includes(mysqlCode(causeOf(error)));
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && 'fatal' in error && error.fatal === true;
}

function causeOf(error: unknown): unknown {
  return error instanceof DatabaseError ? error.cause : error;
}
