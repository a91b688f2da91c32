import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `UNAUTHENTICATED`: no session, or one that has ended; `LINK_OVER`: a login link that was used, is too old, or never was
 * - `FORBIDDEN`: not with this role; `FOREIGN`: sent by another site, or to another name than the console's
 * - `INVALID`: not what the API takes; `NOT_FOUND`: no such page or thing
 * - `REFUSED`: the host refused it, and its message says why
 * - `UNAVAILABLE`: the bundle that would know is not there; `PROVIDER`: the OpenID provider failed
 */
export type ConsoleErrorCode =
  | 'UNAUTHENTICATED'
  | 'LINK_OVER'
  | 'FORBIDDEN'
  | 'FOREIGN'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'REFUSED'
  | 'UNAVAILABLE'
  | 'PROVIDER';

export class ConsoleError extends OxtenderError<ConsoleErrorCode> {}
