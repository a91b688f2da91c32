import type { ServerId, SyncSession } from '@oxtender/bundle-api';

/** Longest LongId. [MS-ASCMD] "LongId". */
const maxLength = 256;

/** Tells a LongId from a ServerId, which begins with the letter of a CollectionId and has a colon in it. */
const mark = 'L.';

/** An item of a search result, in the groupware's own words. */
export interface LongIdParts {
  readonly folderId: string;
  readonly itemId: string;
}

/**
 * The name of a search result: says where the item is, so that nothing has to be stored for a result that no device ever
 * comes back to. `undefined` when the ids are too long for one.
 */
export function encodeLongId({ folderId, itemId }: LongIdParts): string | undefined {
  const text = mark + Buffer.from(`${itemId}\0${folderId}`, 'utf8').toString('base64url');
  return text.length <= maxLength ? text : undefined;
}

/** Reads what {@link encodeLongId} made; `undefined` for anything else. */
export function decodeLongId(longId: string): LongIdParts | undefined {
  if (!longId.startsWith(mark)) return undefined;
  const text = Buffer.from(longId.slice(mark.length), 'base64url').toString('utf8');
  const end = text.indexOf('\0');
  return end > 0 && end + 1 < text.length ? { itemId: text.slice(0, end), folderId: text.slice(end + 1) } : undefined;
}

/**
 * The ServerId of the item that a LongId names, in a folder that the device knows; `undefined` when there is no such
 * folder. A ServerId in its place is taken as it is: results with ids too long for a LongId are named so.
 */
export async function serverIdOfLongId(
  session: Pick<SyncSession, 'folders' | 'serverIdOf'>,
  longId: string,
  options: { readonly signal: AbortSignal },
): Promise<ServerId | undefined> {
  const parts = decodeLongId(longId);
  if (!parts) return longId;
  const folder = (await session.folders(options)).find(({ id }) => id === parts.folderId);
  return folder && session.serverIdOf(folder.collectionId, parts.itemId);
}

/** The name of an item in a search result. */
export async function longIdOf(
  session: Pick<SyncSession, 'serverIdOf'>,
  folder: { readonly id: string; readonly collectionId: string },
  itemId: string,
): Promise<string> {
  return encodeLongId({ folderId: folder.id, itemId }) ?? session.serverIdOf(folder.collectionId, itemId);
}
