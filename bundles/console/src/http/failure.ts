import { isOxtenderError } from '@oxtender/bundle-api';
import type { ConsoleErrorCode } from '../console-error';

const statuses: Readonly<Record<ConsoleErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  LINK_OVER: 401,
  FORBIDDEN: 403,
  FOREIGN: 403,
  INVALID: 400,
  NOT_FOUND: 404,
  REFUSED: 409,
  UNAVAILABLE: 503,
  PROVIDER: 502,
};

/** What the browser is told. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Of anything but our own errors the browser is told nothing. */
export function failureOf(error: unknown): Failure {
  if (isOxtenderError(error, ...(Object.keys(statuses) as ConsoleErrorCode[]))) {
    const { code, message } = error;
    return { status: statuses[code], code, message };
  }
  if (isClientFault(error)) return { status: error.status, code: 'INVALID', message: error.message };
  return { status: 500, code: 'INTERNAL', message: 'the console failed: its log says why' };
}

/** As koa and its parsers throw them. */
function isClientFault(error: unknown): error is Error & { status: number } {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}
