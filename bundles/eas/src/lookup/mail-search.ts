import {
  type GroupwareSession,
  type MailCondition,
  type MailStore,
  type Message,
  type ReadOptions,
  type SyncFolder,
  type SyncSession,
} from '@oxtender/bundle-api';
import { type ResultPage, checkPage } from './result-page';
import { SearchError } from './search-error';

/** A folder of the device that holds mails. */
export type MailFolder = SyncFolder & { readonly itemClass: 'Email' };

/** A mail that was found. */
export interface FoundMail {
  readonly folder: MailFolder;
  readonly itemId: string;
  readonly message: Message;
}

interface Scope {
  /** None: all. `0` stands for all as well: Outlook for phones asks so. */
  readonly collectionIds: readonly string[];
  readonly deep: boolean;
}

/**
 * The device's mail folders in which to look.
 *
 * @throws SearchError FOLDER_SYNC_REQUIRED
 */
export async function searchedFolders(
  session: Pick<SyncSession, 'folders'>,
  { collectionIds, deep }: Scope,
  options: { readonly signal: AbortSignal },
): Promise<readonly MailFolder[]> {
  const folders = await session.folders(options);
  const mail = folders.filter((folder): folder is MailFolder => folder.itemClass === 'Email');
  if (mail.length === 0) throw new SearchError('FOLDER_SYNC_REQUIRED', 'the device was told of no mail folder');
  if (collectionIds.length === 0 || collectionIds.includes('0')) return mail;
  const known = new Set(folders.map(({ collectionId }) => collectionId));
  if (collectionIds.some((id) => !known.has(id)))
    throw new SearchError('FOLDER_SYNC_REQUIRED', 'a folder is not known to the device');
  const parents = new Map(mail.map(({ collectionId, parentCollectionId }) => [collectionId, parentCollectionId]));
  const isWanted = (id: string | undefined): boolean =>
    id !== undefined && (collectionIds.includes(id) || (deep && isWanted(parents.get(id))));
  return mail.filter(({ collectionId }) => isWanted(collectionId));
}

/** The user's mails. @throws SearchError NO_STORE */
export function mailStoreOf({ mail }: Pick<GroupwareSession, 'mail'>): MailStore {
  if (!mail) throw new SearchError('NO_STORE', 'the user has no mail');
  return mail;
}

/** One page of the mails in these folders that match, newest first. @throws SearchError NO_STORE, END_OF_RANGE */
export async function searchMails(
  session: Pick<SyncSession, 'groupware'>,
  folders: readonly MailFolder[],
  condition: MailCondition,
  options: { readonly page: ResultPage; readonly read: ReadOptions; readonly signal: AbortSignal },
): Promise<{ mails: readonly FoundMail[]; total: number }> {
  const { page, read, signal } = options;
  if (folders.length === 0) return { mails: [], total: 0 };
  const query = { ...condition, folderIds: folders.map(({ id }) => id) };
  const store = mailStoreOf(session.groupware);
  const { hits, total } = await store.search(query, { offset: page.first, limit: page.limit, signal });
  checkPage(page, total);
  return { mails: await readMails(session.groupware, folders, hits, { ...read, signal }), total };
}

/** The mails of hits, in their order; what went away meanwhile is left out. */
async function readMails(
  groupware: GroupwareSession,
  folders: readonly MailFolder[],
  hits: readonly { folderId: string; id: string }[],
  options: ReadOptions & { readonly signal: AbortSignal },
): Promise<FoundMail[]> {
  const found = new Map<string, FoundMail>();
  for (const folder of folders) {
    const ids = hits.filter(({ folderId }) => folderId === folder.id).map(({ id }) => id);
    if (ids.length === 0) continue;
    for (const { id, item } of (await groupware.read(folder, ids, options)).map(withItem)) {
      if (item) found.set(`${folder.id}\0${id}`, { folder, itemId: id, message: item });
    }
  }
  return hits.map(({ folderId, id }) => found.get(`${folderId}\0${id}`)).filter((mail) => mail !== undefined);
}

function withItem(result: Awaited<ReturnType<GroupwareSession['read']>>[number]): { id: string; item?: Message } {
  return result.error ? { id: result.id } : { id: result.id, item: result.item as Message };
}
