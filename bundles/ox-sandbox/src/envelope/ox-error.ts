import { OxtenderError } from '@oxtender/bundle-api';
import { Category, type CategoryNumber, type OxCode, oxCodes } from './codes';

/** What a client is told beside code and text. */
export interface OxErrorDetails {
  readonly params?: readonly (string | number)[];
  /** `{id?, name?, max_size?, length?}` of each value that was too long. OX HTTP API, "problematic". */
  readonly problematic?: readonly Readonly<Record<string, unknown>>[];
  readonly cause?: unknown;
}

/** An answer that is an error of the OX HTTP API. */
export class OxError extends OxtenderError<OxCode> {
  readonly params: readonly string[];
  readonly problematic: readonly Readonly<Record<string, unknown>>[];

  constructor(code: OxCode, details: OxErrorDetails = {}) {
    const params = (details.params ?? []).map(String);
    const remaining = [...params];
    super(
      code,
      oxCodes[code][1].replace(/%s/g, () => remaining.shift() ?? ''),
      { ...('cause' in details ? { cause: details.cause } : {}), retryable: oxCodes[code][0] === Category.TRY_AGAIN },
    );
    this.params = params;
    this.problematic = details.problematic ?? [];
  }

  get category(): CategoryNumber {
    return oxCodes[this.code][0];
  }
}

/** The error of this code: `throw oxError('CON-0125', id)`. */
export function oxError(code: OxCode, ...params: (string | number)[]): OxError {
  return new OxError(code, { params });
}
