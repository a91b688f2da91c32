import { isOxtenderError } from '@oxtender/bundle-api';
import { searchGal } from '../../lookup/gal-search';
import { type ResultPage, resultPage } from '../../lookup/result-page';
import { SearchError, type SearchErrorCode } from '../../lookup/search-error';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { formatRange } from '../../values/range';
import { AirSync, type Element, Find as Page, ItemOperations, element } from '../../wbxml';
import { findInMailbox } from './find-in-mailbox';
import { type FindRequest, findRequest } from './request';
import type { FindResults } from './results';

/** [MS-ASCMD] "Status (Find)": of the request, and of its Response. */
const Status = { Success: 1, InvalidRequest: 2, FolderSyncRequired: 3, RangeNotFromZero: 4 } as const;

const statusOfError: Readonly<Record<SearchErrorCode, number>> = {
  INVALID_QUERY: Status.InvalidRequest,
  TOO_COMPLEX: Status.InvalidRequest,
  FOLDER_SYNC_REQUIRED: Status.FolderSyncRequired,
  END_OF_RANGE: Status.InvalidRequest,
  BAD_LINK: Status.InvalidRequest,
  BLOCKED: Status.InvalidRequest,
  NO_STORE: Status.InvalidRequest,
};

/** Results that a device may ask for, and those that one answer brings: fewer are allowed. [MS-ASCMD] "Range (Find)". */
const largestPage = 1000;
const answered = 100;

const field = 'eas.find';

/** [MS-ASCMD] "Find": mails and the address list, from 16.1. */
export class Find implements Command<typeof findRequest> {
  static readonly descriptor = describeCommand({
    name: 'Find',
    root: Page.Find,
    request: findRequest,
    since: '16.1',
    status: { malformed: Status.InvalidRequest },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: FindRequest, call: CommandCall): Promise<Element> {
    const store = asked.search.kind === 'mailbox' ? 'Mailbox' : 'GAL';
    try {
      const asksFor = resultPage(asked.search.value.options?.range, largestPage);
      const page = { ...asksFor, limit: Math.min(asksFor.limit, answered) };
      if (await beginsLate(asked.searchId, page, call)) return response(store, Status.RangeNotFromZero);
      const { results, total } = await this.#find(asked, page, call);
      return response(store, Status.Success, [
        ...results,
        element(Page.Range, formatRange(page.first, results.length)),
        element(Page.Total, total),
      ]);
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw error;
      call.log.debug('search refused', { store, status, error });
      // the device has to know more folders before it asks again: that is said at the top
      if (status === Status.FolderSyncRequired) return element(Page.Find, element(Page.Status, status));
      return response(store, status);
    }
  }

  async #find({ search }: FindRequest, page: ResultPage, call: CommandCall): Promise<FindResults> {
    if (search.kind === 'mailbox') return findInMailbox(search.value, page, call, this.services);
    const { query, options } = search.value;
    const { results, total } = await searchGal(call.session, { text: query, page, picture: options?.picture }, call);
    return {
      total,
      results: results.map((properties) =>
        element(Page.Result, element(AirSync.Class, 'GAL'), element(Page.Properties, properties)),
      ),
    };
  }
}

/** A search begins with its first results; what a device asked for last is kept, so that later pages are known as such. */
async function beginsLate(searchId: string, { first }: ResultPage, { session }: CommandCall): Promise<boolean> {
  if (session.fields.get(field) === searchId) return false;
  if (first > 0) return true;
  await session.fields.set({ [field]: searchId });
  return false;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof SearchError) return statusOfError[error.code];
  return isOxtenderError(error, 'NOT_FOUND') ? Status.FolderSyncRequired : undefined;
}

function response(store: string, status: number, results: readonly Element[] = []): Element {
  return element(
    Page.Find,
    element(Page.Status, Status.Success),
    element(Page.Response, element(ItemOperations.Store, store), element(Page.Status, status), results),
  );
}
