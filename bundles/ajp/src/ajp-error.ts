import { OxtenderError } from '@oxtender/bundle-api';

/**
 * - `MALFORMED_PACKET`: bytes that are no AJP packet; nothing after them can be understood
 * - `UNEXPECTED_PACKET`: a packet that has no place here: of an unknown type, a shutdown, a body that nobody asked for
 * - `BAD_REQUEST`: a request that cannot be passed on as HTTP
 * - `FORBIDDEN`: a request without the secret
 * - `ANSWER_TOO_LARGE`: headers of an answer that do not fit into a packet
 * - `CONNECTION_LOST`: the web server closed the connection, or said nothing when it should
 * - `NOT_SAFE`: an address that others reach, without a secret
 */
export type AjpErrorCode =
  | 'MALFORMED_PACKET'
  | 'UNEXPECTED_PACKET'
  | 'BAD_REQUEST'
  | 'FORBIDDEN'
  | 'ANSWER_TOO_LARGE'
  | 'CONNECTION_LOST'
  | 'NOT_SAFE';

/** What ends a request, a connection, or keeps the bundle from listening. */
export class AjpError extends OxtenderError<AjpErrorCode> {}
