import { formatRange } from '../../values/range';
import { type Element, Search as Page, element } from '../../wbxml';
import { SearchStatus } from './status';

/** What a store has found. */
export interface StoreResults {
  readonly first: number;
  readonly total: number;
  /** Elements Result. */
  readonly results: readonly Element[];
  /** What stands in their place when there are none. */
  readonly ifNone?: readonly Element[];
}

/** The Store element of an answer; without results only a status. Old Android needs Range and Total. */
export function storeElement({ first, total, results, ifNone = [] }: StoreResults): Element {
  return element(
    Page.Store,
    element(Page.Status, SearchStatus.Success),
    results.length > 0 ? results : ifNone,
    element(Page.Range, formatRange(first, results.length)),
    element(Page.Total, total),
  );
}
