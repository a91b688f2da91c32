import { type Range, parseRange } from '../values/range';
import { SearchError } from './search-error';

/** Which results a device wants. */
export interface ResultPage {
  readonly first: number;
  readonly limit: number;
}

/**
 * Reads the option Range. [MS-ASCMD] "Range (Search)": a store has a largest page, which is also the usual one.
 *
 * @throws SearchError INVALID_QUERY, END_OF_RANGE
 */
export function resultPage(text: string | undefined, largest: number): ResultPage {
  const range: Range | undefined = text === undefined ? { first: 0, last: largest - 1 } : parseRange(text);
  if (!range) throw new SearchError('INVALID_QUERY', 'the range is none');
  const limit = range.last - range.first + 1;
  if (limit > largest) throw new SearchError('END_OF_RANGE', `more than ${largest} results at once`);
  return { first: range.first, limit };
}

/** @throws SearchError END_OF_RANGE when the page begins behind the last result */
export function checkPage({ first }: ResultPage, total: number): void {
  if (first > 0 && first >= total) throw new SearchError('END_OF_RANGE', 'the range begins behind the last result');
}
