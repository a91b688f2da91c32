/**
 * - `BAD_HEADER`: not WBXML 1.1 to 1.3
 * - `UNSUPPORTED_CHARSET`: neither UTF-8 nor a subset of it, nor ISO-8859-1
 * - `NO_ELEMENT`: nothing after the header
 * - `TRUNCATED`: the input ends inside a token, string or opaque value, or a length says more than there is
 * - `UNKNOWN_TAG`: a token that its code page does not have
 * - `UNSUPPORTED_TOKEN`: attributes, processing instructions, extensions
 * - `INTEGER_OVERFLOW`: a multi-byte integer above 32 bits
 * - `BAD_ENTITY`: no Unicode character
 * - `BAD_STRING_INDEX`: outside of the string table
 * - `TRAILING_DATA`: something follows the document's element
 * - `UNEXPECTED_CONTENT`: well formed, but text where elements belong or the other way round
 * - `TOO_DEEP`, `TOO_MANY_NODES`, `TOO_LONG`: over the limits
 */
export type WbxmlErrorCode =
  | 'BAD_HEADER'
  | 'UNSUPPORTED_CHARSET'
  | 'NO_ELEMENT'
  | 'TRUNCATED'
  | 'UNKNOWN_TAG'
  | 'UNSUPPORTED_TOKEN'
  | 'INTEGER_OVERFLOW'
  | 'BAD_ENTITY'
  | 'BAD_STRING_INDEX'
  | 'TRAILING_DATA'
  | 'UNEXPECTED_CONTENT'
  | 'TOO_DEEP'
  | 'TOO_MANY_NODES'
  | 'TOO_LONG';

/** The only error that the decoder throws. It has the shape of an `OxtenderError`, which this folder cannot import. */
export class WbxmlError extends Error {
  override readonly name = 'WbxmlError';
  readonly retryable = false;

  /**
   * @param offset - of the byte in the document at which it was noticed, from 0
   * @param path - names of the open elements, `Sync/Collections`
   */
  constructor(
    readonly code: WbxmlErrorCode,
    message: string,
    readonly offset: number,
    readonly path: string,
  ) {
    super(`${message} at byte ${offset}${path === '' ? '' : ` in ${path}`}`);
  }
}
