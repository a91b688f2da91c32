import { isOxtenderError } from '@oxtender/bundle-api';
import { answerToError } from '../http/error-mapping';
import type { AutodiscoverErrorCode } from './autodiscover-error';
import { errorAnswer } from './pox-answer';

/** What goes out for one request. */
export interface AutodiscoverAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Fault {
  readonly answer: AutodiscoverAnswer;
  /** Something for the operator to look into. */
  readonly serverFault: boolean;
}

/** Which errors the XML form has words for; the others are told by HTTP. */
const spoken: Partial<Record<string, AutodiscoverErrorCode>> = {
  INVALID_REQUEST: 'INVALID_REQUEST',
  NO_PROVIDER: 'NO_PROVIDER',
  UNKNOWN_ADDRESS: 'UNKNOWN_ADDRESS',
  BAD_ADDRESS: 'BAD_ADDRESS',
  UNAVAILABLE: 'DIRECTORY_UNAVAILABLE',
  BROKEN_ANSWER: 'DIRECTORY_UNAVAILABLE',
};

/** The JSON form's names and statuses. */
const jsonErrors: Partial<Record<string, { status: number; name: string }>> = {
  INVALID_REQUEST: { status: 400, name: 'InvalidRequest' },
  BAD_ADDRESS: { status: 400, name: 'InvalidEmail' },
  MISSING_PARAMETER: { status: 400, name: 'MandatoryParameterMissing' },
  INVALID_PROTOCOL: { status: 400, name: 'InvalidProtocol' },
  PROTOCOL_NOT_SUPPORTED: { status: 404, name: 'ProtocolNotSupported' },
};

/** The XML form's answer to what was thrown. @param address - as far as it was read */
export function fault(error: unknown, address: string | undefined, now: number): Fault {
  const code = isOxtenderError(error) ? spoken[error.code] : undefined;
  if (code !== undefined) {
    return {
      answer: { status: 200, type: 'text/xml; charset=utf-8', body: errorAnswer(code, address, now) },
      serverFault: false,
    };
  }
  return byHttp(error);
}

/** The JSON form's answer. */
export function jsonFault(error: unknown): Fault {
  const known = isOxtenderError(error) ? jsonErrors[error.code] : undefined;
  if (!known || !isOxtenderError(error)) return byHttp(error);
  const body = JSON.stringify({ ErrorCode: known.name, ErrorMessage: error.message });
  return { answer: { status: known.status, type: 'application/json; charset=utf-8', body }, serverFault: false };
}

function byHttp(error: unknown): Fault {
  const { http, retryAfter, serverFault = false } = answerToError(error, {});
  const headers = {
    ...(http === 401 && { 'WWW-Authenticate': 'Basic realm="Autodiscover", charset="UTF-8"' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  };
  return { answer: { status: http, type: 'text/plain', headers, body: '' }, serverFault };
}
