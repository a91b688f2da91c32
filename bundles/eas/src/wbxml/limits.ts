/** Bounds of what a decoder accepts, so that time and memory stay in proportion to the input. */
export interface DecodeLimits {
  /** Bytes of the document. */
  readonly documentLength: number;
  /** Nested elements. The deepest that the schemas know is 13. */
  readonly depth: number;
  /** Elements and values in a document. */
  readonly nodes: number;
  /** Bytes of one string or opaque value. */
  readonly valueLength: number;
  /** Characters of all uses of the string table together: short references must not blow up a small document. */
  readonly tableTextLength: number;
}

/** Room for a Sync with the 200 changes that a request may hold, or a mail with large attachments. */
export const defaultLimits: DecodeLimits = {
  documentLength: 64 * 1024 * 1024,
  depth: 32,
  nodes: 200_000,
  valueLength: 64 * 1024 * 1024,
  tableTextLength: 4 * 1024 * 1024,
};
