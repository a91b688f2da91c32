import type { Cancellable, Folder, MailCondition, MailHits, MailQuery } from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { type OxRow, idOf } from '../objects';
import { asksForFiles, assumeFiles } from './file-condition';
import { searchTerm } from './search-term';

/** id, received_date, attachment. */
const columns = '600,610,602';

/** How many times more mails of a folder are looked at when too few of them have what no filter can ask for. */
const growth = 8;

/** A search that OX can do; `files` is looked at in its answer. */
interface Part {
  readonly condition: MailCondition;
  readonly files: boolean | undefined;
}

interface Hit {
  readonly folderId: string;
  readonly id: string;
  readonly date: number;
}

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
    // One more than the page: so it shows whether there are more. Servers that know no limits answer with all.
    const wanted = offset + limit + 1;
    const found = await Promise.all(partsOf(query).map((part) => this.#hits(part, folders, { wanted, signal })));
    const hits = found.flat().sort((a, b) => b.date - a.date);
    const page = hits.slice(offset, offset + limit).map(({ folderId, id }) => ({ folderId, id }));
    return { hits: page, total: hits.length };
  }

  async #hits(
    { condition, files }: Part,
    folders: readonly string[],
    { wanted, signal }: Cancellable & { wanted: number },
  ): Promise<Hit[]> {
    const hits: Hit[] = [];
    let pending = folders;
    for (let limit = wanted; pending.length > 0; limit *= growth) {
      const answers = await this.#ask(condition, pending, { limit, signal });
      pending = pending.filter((folderId, index) => {
        const rows = answers[index] ?? [];
        const matching = files === undefined ? rows : rows.filter((row) => hasFiles(row) === files);
        const needsMore = matching.length < wanted && matching.length < rows.length && rows.length >= limit;
        if (!needsMore) hits.push(...matching.map(([id, date]) => ({ folderId, id: idOf(id), date: Number(date) })));
        return needsMore;
      });
    }
    return hits;
  }

  /** Rows by folder. */
  async #ask(
    condition: MailCondition,
    folders: readonly string[],
    { limit, signal }: Cancellable & { limit: number },
  ): Promise<OxRow[][]> {
    const body = { filter: searchTerm(condition) };
    const answers = await this.client.all(
      folders.map((folder) => ({
        module: 'mail',
        action: 'search',
        parameters: { folder, columns, sort: 610, order: 'desc', left_hand_limit: 0, right_hand_limit: limit },
        body,
        repeatable: true,
      })),
      { signal },
    );
    const failure = answers.find((answer) => answer instanceof OxError);
    // A folder that cannot be searched spoils the search only when it is the only one.
    if (failure && answers.length === 1) throw failure;
    return answers.map((answer) => (answer instanceof OxError ? [] : (answer.data as OxRow[])));
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

function partsOf(query: MailQuery): Part[] {
  if (!asksForFiles(query)) return [{ condition: query, files: undefined }];
  return [true, false].flatMap((files) => {
    const condition = assumeFiles(query, files);
    return condition ? [{ condition, files }] : [];
  });
}

function hasFiles(row: OxRow): boolean {
  return row[2] === true;
}
