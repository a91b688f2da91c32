import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `UNEXPECTED_ELEMENT`: an element that the schema has not here
 * - `MISSING_ELEMENT`, `REPEATED_ELEMENT`, `TOO_MANY_ELEMENTS`
 * - `WRONG_ORDER`: allowed, but not after what stands before it
 * - `UNEXPECTED_CONTENT`: text where elements belong or the other way round
 * - `INVALID_VALUE`: text that is none of the allowed values, or too long
 * - `INVALID_DATE`: text that is no date
 */
export type MalformedRequestCode =
  | 'UNEXPECTED_ELEMENT'
  | 'MISSING_ELEMENT'
  | 'REPEATED_ELEMENT'
  | 'TOO_MANY_ELEMENTS'
  | 'WRONG_ORDER'
  | 'UNEXPECTED_CONTENT'
  | 'INVALID_VALUE'
  | 'INVALID_DATE';

/** A request that is WBXML but breaks the command's schema. The fault is the device's. */
export class MalformedRequest extends OxtenderError<MalformedRequestCode> {
  /** @param path - names of the elements down to the culprit: `Sync/Collections/Collection/SyncKey` */
  constructor(
    code: MalformedRequestCode,
    readonly path: string,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(code, `${path}: ${message}`, options);
  }
}
