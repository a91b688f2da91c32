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

/** What the XML form's answer needs beside the error. */
export interface FaultContext {
  /** As far as it was read. */
  readonly address: string | undefined;
  readonly now: number;
  /** Where users change their passwords; empty: nobody says. */
  readonly credentialUrl: string;
}

/** The XML form's answer to what was thrown. */
export function fault(error: unknown, { address, now, credentialUrl }: FaultContext): Fault {
  const code = isOxtenderError(error) ? spoken[error.code] : undefined;
  if (code !== undefined) {
    return {
      answer: { status: 200, type: 'text/xml; charset=utf-8', body: errorAnswer(code, address, now) },
      serverFault: false,
    };
  }
  return byHttp(error, credentialUrl);
}

/** The JSON form's answer. */
export function jsonFault(error: unknown): Fault {
  const known = isOxtenderError(error) ? jsonErrors[error.code] : undefined;
  if (!known || !isOxtenderError(error)) return byHttp(error);
  const body = JSON.stringify({ ErrorCode: known.name, ErrorMessage: error.message });
  return { answer: { status: known.status, type: 'application/json; charset=utf-8', body }, serverFault: false };
}

/** The right password of an account that is locked, or that has to be changed. [MS-ASHTTP] "Status-Line". */
const accountFaults: Partial<Record<string, number>> = { NOT_ALLOWED: 456, PASSWORD_EXPIRED: 457 };

function byHttp(error: unknown, credentialUrl = ''): Fault {
  const status = isOxtenderError(error) ? accountFaults[error.code] : undefined;
  if (status !== undefined) {
    const headers = { ...(status === 457 && credentialUrl !== '' && { 'X-MS-Credential-Service-Url': credentialUrl }) };
    return { answer: { status, type: 'text/plain', headers, body: '' }, serverFault: false };
  }
  const { http, retryAfter, serverFault = false } = answerToError(error, {});
  const headers = {
    ...(http === 401 && { 'WWW-Authenticate': 'Basic realm="Autodiscover", charset="UTF-8"' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  };
  return { answer: { status: http, type: 'text/plain', headers, body: '' }, serverFault };
}
