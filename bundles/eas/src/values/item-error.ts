import { OxtenderError } from '@oxtender/bundle-api';

/**
 * Why an item that a device sent cannot be taken.
 *
 * - `INVALID_VALUE`: a value that its element does not allow
 * - `MISSING_ELEMENT`: an element without which the item means nothing
 * - `INVALID_RECURRENCE`: elements that do not go with the type of the recurrence
 * - `UNSUPPORTED_CALENDAR`: a recurrence in a calendar other than the Gregorian
 * - `READ_ONLY`: an element that only the server sets
 * - `TOO_LARGE`: a value above the limit of its element
 */
export type ItemErrorCode =
  'INVALID_VALUE' | 'MISSING_ELEMENT' | 'INVALID_RECURRENCE' | 'UNSUPPORTED_CALENDAR' | 'READ_ONLY' | 'TOO_LARGE';

/** One item breaks the rules of its class; the others of the request go on. [MS-ASCMD] "Status (Sync)", value 6. */
export class ItemError extends OxtenderError<ItemErrorCode> {}
