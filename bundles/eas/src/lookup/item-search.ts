import type { Item, ItemClass, ItemVersion, MailCondition, SyncFolder, SyncSession } from '@oxtender/bundle-api';
import { itemMatches } from './item-match';

/** Items of a folder that are looked at, those of the latest dates first. */
const scanned = 2000;
const batch = 100;

/** An item other than a mail that was found. */
export interface FoundItem {
  readonly folder: SyncFolder;
  readonly itemId: string;
  readonly item: Item;
}

/**
 * Items of contacts, calendars, tasks and notes that match. The groupware searches mails alone: the others are read and
 * looked at here.
 */
export async function searchItems(
  { groupware }: Pick<SyncSession, 'groupware'>,
  folders: readonly SyncFolder[],
  condition: MailCondition,
  { signal }: { readonly signal: AbortSignal },
): Promise<FoundItem[]> {
  const found: FoundItem[] = [];
  for (const folder of folders) {
    const { items } = await groupware.list(folder, { signal });
    const newest = items.toSorted(byDate).slice(0, scanned);
    for (let first = 0; first < newest.length; first += batch) {
      const versions = newest.slice(first, first + batch);
      const unread = versions.filter(({ item }) => item === undefined).map(({ id }) => id);
      const read = unread.length === 0 ? [] : await groupware.read(folder, unread, { signal });
      const whole = new Map(read.flatMap((result) => (result.error ? [] : [[result.id, result.item] as const])));
      for (const { id, item = whole.get(id) } of versions)
        if (item && itemMatches(item, condition)) found.push({ folder, itemId: id, item });
    }
  }
  return found;
}

/** Classes that a query names, as the protocol writes them. [MS-ASCMD] "Class (Search)". */
const classNames: Readonly<Record<string, ItemClass>> = {
  contacts: 'Contacts',
  calendar: 'Calendar',
  tasks: 'Tasks',
  notes: 'Notes',
};

/** The folders other than those of mail that a query names, by itself or by their class; without a class, mails are looked for alone. */
export async function searchedItemFolders(
  session: Pick<SyncSession, 'folders'>,
  { classes, collectionIds }: { readonly classes: readonly string[]; readonly collectionIds: readonly string[] },
  options: { readonly signal: AbortSignal },
): Promise<readonly SyncFolder[]> {
  const wanted = new Set(classes.map((name) => classNames[name.trim().toLowerCase()]).filter(Boolean));
  const everywhere = collectionIds.length === 0 || collectionIds.includes('0');
  if (wanted.size === 0 && (everywhere || classes.length > 0)) return [];
  return (await session.folders(options)).filter(
    ({ itemClass, collectionId }) =>
      (wanted.size === 0 ? itemClass !== 'Email' : wanted.has(itemClass)) &&
      (everywhere || collectionIds.includes(collectionId)),
  );
}

function byDate(one: ItemVersion, other: ItemVersion): number {
  return (other.date ?? Infinity) - (one.date ?? Infinity) || 0;
}
