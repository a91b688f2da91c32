import { SearchError } from '../../lookup/search-error';
import { DocumentLibrary, type Element, Search as Page } from '../../wbxml';

/** `\\server\share`, or an address on the web. [MS-ASDOC] "LinkId". */
const link = /^(?:\\\\[^\\]+\\[^\\]|https?:\/\/[^/])/i;

/** The store `DocumentLibrary`: there is no way to file shares through this server. @throws SearchError */
export function searchDocuments(query: Element): never {
  const equalTo = query.child(Page.EqualTo);
  const value = equalTo?.child(Page.Value)?.text;
  if (!equalTo?.child(DocumentLibrary.LinkId) || value === undefined)
    throw new SearchError('INVALID_QUERY', 'an EqualTo with LinkId and Value is expected');
  if (!link.test(value)) throw new SearchError('BAD_LINK', 'the link is none');
  throw new SearchError('BLOCKED', 'document libraries are not offered');
}
