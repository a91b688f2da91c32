import {
  type ClientChangeStatus,
  type GroupwareError,
  type GroupwareErrorCode,
  isOxtenderError,
} from '@oxtender/bundle-api';

/** What a refusal of the groupware means for one client change. Codes that are missing end the whole request. */
const statuses: Partial<Record<GroupwareErrorCode, ClientChangeStatus>> = {
  PERMISSION: 'forbidden',
  NOT_FOUND: 'not-found',
  CONFLICT: 'failed',
  EXISTS: 'invalid',
  QUOTA: 'no-space',
  TOO_LONG: 'invalid',
  INVALID: 'invalid',
  UNSUPPORTED: 'invalid',
  BROKEN_ANSWER: 'failed',
};

/** @throws the error itself when it is not about this one change */
export function writeStatus(error: unknown): { status: ClientChangeStatus; error: GroupwareError } {
  const status = isOxtenderError(error) ? statuses[error.code as GroupwareErrorCode] : undefined;
  if (!status) throw error;
  return { status, error: error as GroupwareError };
}
