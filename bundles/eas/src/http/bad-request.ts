import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `BAD_QUERY`: neither a plain nor a base64 query
 * - `ANCIENT_VERSION`: 1.0 or 2.0
 * - `UNKNOWN_COMMAND`: a name or code that is no command, or none that this server has
 * - `UNKNOWN_METHOD`: neither POST nor OPTIONS
 * - `NO_CREDENTIALS`: no Authorization header, or none of type Basic that can be read
 * - `BODY_TOO_LARGE`: over the limit
 * - `BODY_INCOMPLETE`: the connection ended before the announced length
 */
export type BadRequestCode =
  | 'BAD_QUERY'
  | 'ANCIENT_VERSION'
  | 'UNKNOWN_COMMAND'
  | 'UNKNOWN_METHOD'
  | 'NO_CREDENTIALS'
  | 'BODY_TOO_LARGE'
  | 'BODY_INCOMPLETE';

/** A request that is wrong before any command comes into it: the HTTP layer's part of malformed. */
export class BadRequest extends OxtenderError<BadRequestCode> {}
