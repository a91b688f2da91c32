import type { Cancellable, Folder, MailHits, MailQuery } from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { type OxRow, idOf } from '../objects';
import { searchTerm } from './search-term';

/** id, received_date. */
const columns = '600,610';

/** Searches mails: one call for each folder, all in one request; of each only as much as the page needs. */
export class MailSearch {
  constructor(
    private readonly client: OxClient,
    private readonly folders: (options: Cancellable) => Promise<readonly Folder[]>,
  ) {}

  async search(
    query: MailQuery,
    { offset, limit, signal }: Cancellable & { offset: number; limit: number },
  ): Promise<MailHits> {
    const folders = await this.#foldersOf(query, { signal });
    const body = { filter: searchTerm(query) };
    // One more than the page: so it shows whether there are more. Servers that know no limits answer with all.
    const limits = { left_hand_limit: 0, right_hand_limit: offset + limit + 1 };
    const answers = await this.client.all(
      folders.map((folder) => ({
        module: 'mail',
        action: 'search',
        parameters: { folder, columns, sort: 610, order: 'desc', ...limits },
        body,
        repeatable: true,
      })),
      { signal },
    );
    const failure = answers.find((answer) => answer instanceof OxError);
    // A folder that cannot be searched spoils the search only when it is the only one.
    if (failure && answers.length === 1) throw failure;
    const hits = answers.flatMap((answer, index) =>
      answer instanceof OxError
        ? []
        : (answer.data as OxRow[]).map(([id, date]) => ({
            folderId: folders[index] ?? '',
            id: idOf(id),
            date: Number(date),
          })),
    );
    hits.sort((a, b) => b.date - a.date);
    const page = hits.slice(offset, offset + limit).map(({ folderId, id }) => ({ folderId, id }));
    return { hits: page, total: hits.length };
  }

  async #foldersOf({ folderIds, deep }: MailQuery, options: Cancellable): Promise<readonly string[]> {
    if (folderIds && deep !== true) return folderIds;
    const mail = (await this.folders(options)).filter(
      ({ itemClass, rights }) => itemClass === 'Email' && rights.read !== 'none',
    );
    if (!folderIds) return mail.map(({ id }) => id);
    const parents = new Map(mail.map(({ id, parentId }) => [id, parentId]));
    const isBelow = (id: string | undefined): boolean =>
      id !== undefined && (folderIds.includes(id) || isBelow(parents.get(id)));
    return mail.map(({ id }) => id).filter(isBelow);
  }
}
