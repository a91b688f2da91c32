import type { Cancellable, Folder, MailHits, MailQuery } from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { type OxRow, idOf } from '../objects';

/** id, received_date. */
const columns = '600,610';

/** A term of a search filter. OX HTTP API, "Advanced search". */
type Term = readonly [operator: string, ...operands: unknown[]];

/** Searches mails: one call for each folder, all in one request. */
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
    const body = { filter: filterOf(query) };
    const answers = await this.client.all(
      folders.map((folder) => ({
        module: 'mail',
        action: 'search',
        parameters: { folder, columns, sort: 610, order: 'desc' },
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

function filterOf({ text, from, to, subject, after, before }: MailQuery): Term {
  const terms: Term[] = [];
  const contains = (field: string, value: string): Term => ['=', { field }, `*${value}*`];
  if (text !== undefined)
    terms.push(['or', ...['subject', 'from', 'to', 'cc', 'content'].map((field) => contains(field, text))]);
  if (from !== undefined) terms.push(contains('from', from));
  if (to !== undefined) terms.push(contains('to', to));
  if (subject !== undefined) terms.push(contains('subject', subject));
  if (after !== undefined) terms.push(['>', { field: 'received_date' }, String(after - 1)]);
  if (before !== undefined) terms.push(['<', { field: 'received_date' }, String(before)]);
  const [only] = terms;
  if (!only) return ['>', { field: 'received_date' }, '0'];
  return terms.length === 1 ? only : ['and', ...terms];
}
