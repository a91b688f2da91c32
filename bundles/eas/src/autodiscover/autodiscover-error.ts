import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `INVALID_REQUEST`: no XML, or not what the schema says
 * - `NO_PROVIDER`: an answer of another schema is wanted: Outlook asks for IMAP, POP and MAPI settings so
 * - `UNKNOWN_ADDRESS`: the address is not one of the user's
 * - `BAD_ADDRESS`: the address is none
 * - `DIRECTORY_UNAVAILABLE`: the groupware cannot be asked
 * - `MISSING_PARAMETER`, `INVALID_PROTOCOL`, `PROTOCOL_NOT_SUPPORTED`: of the JSON form
 */
export type AutodiscoverErrorCode =
  | 'INVALID_REQUEST'
  | 'NO_PROVIDER'
  | 'UNKNOWN_ADDRESS'
  | 'BAD_ADDRESS'
  | 'DIRECTORY_UNAVAILABLE'
  | 'MISSING_PARAMETER'
  | 'INVALID_PROTOCOL'
  | 'PROTOCOL_NOT_SUPPORTED';

/** Why an Autodiscover request has no settings for an answer. */
export class AutodiscoverError extends OxtenderError<AutodiscoverErrorCode> {}
