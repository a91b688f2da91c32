import type { Element } from '../../wbxml';

/** What was found in one of the stores. */
export interface FindResults {
  readonly total: number;
  /** Elements Result. */
  readonly results: readonly Element[];
}
