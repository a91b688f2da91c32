import { resultPage } from '../../lookup/result-page';
import { SearchError } from '../../lookup/search-error';
import { searchGal } from '../../lookup/gal-search';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { commonStatus } from '../../protocol/common-status';
import { isAtLeast } from '../../protocol/versions';
import { type Element, Search as Page, element } from '../../wbxml';
import { type SearchOptions, type StoreRequest, searchRequest } from './request';
import { searchDocuments } from './search-documents';
import { searchMailbox } from './search-mailbox';
import { SearchStatus, storeStatus } from './status';
import { type StoreResults, storeElement } from './store-results';

/** Entries of the address list in one answer. [MS-ASCMD] "Range (Search)". */
const largestPage = 100;

/** [MS-ASCMD] "BodyPartPreference": of its types only HTML is allowed. */
const htmlType = 2;

/** [MS-ASCMD] "Search": mails, the global address list, document libraries. */
export class Search implements Command<typeof searchRequest> {
  static readonly descriptor = describeCommand({
    name: 'Search',
    root: Page.Search,
    request: searchRequest,
    status: { malformed: SearchStatus.InvalidRequest, serverError: SearchStatus.ServerError },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: StoreRequest, call: CommandCall): Promise<Element> {
    const parts = asked.options?.bodyPartPreferences ?? [];
    if (parts.some(({ type }) => type !== htmlType))
      return answer(element(Page.Store, element(Page.Status, commonStatus('BODY_PART_PREFERENCE_TYPE_NOT_SUPPORTED'))));
    try {
      return answer(storeElement(await this.#search(asked, call)));
    } catch (error) {
      const status = storeStatus(error);
      if (status === undefined) throw error;
      call.log.debug('search refused', { store: asked.name, status, error });
      return answer(element(Page.Store, element(Page.Status, status)));
    }
  }

  async #search({ name, query, options }: StoreRequest, call: CommandCall): Promise<StoreResults> {
    switch (name.trim().toLowerCase()) {
      case 'mailbox':
        return searchMailbox(query, options ?? {}, call, this.services);
      case 'gal':
        return addressList(query, options ?? {}, call);
      case 'documentlibrary':
      case 'document library':
        return searchDocuments(query);
      default:
        throw new SearchError('INVALID_QUERY', `no store ${name.slice(0, 40)}`);
    }
  }
}

/** The store `GAL`. Pictures came with 14.1. */
async function addressList(
  query: Element,
  { range, picture }: SearchOptions,
  call: CommandCall,
): Promise<StoreResults> {
  const page = resultPage(range, largestPage);
  const wanted = isAtLeast(call.version, '14.1') ? picture : undefined;
  const { results, total } = await searchGal(call.session, { text: query.text, page, picture: wanted }, call);
  const elements = results.map((properties) => element(Page.Result, element(Page.Properties, properties)));
  return { first: page.first, total, results: elements };
}

function answer(store: Element): Element {
  return element(Page.Search, element(Page.Status, SearchStatus.Success), element(Page.Response, store));
}
