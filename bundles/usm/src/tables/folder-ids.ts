import { type FolderRef, type ItemClass, itemClasses } from '@oxtender/bundle-api';
import type { SessionAddress } from './collection-address';
import type { IdMapping } from './id-mapping';

/** The short numbers of a device's folders. */
export class FolderIds {
  constructor(private readonly mapping: IdMapping) {}

  /** Made where there are none; in the order of `folders`. */
  objectIds(session: SessionAddress, folders: readonly FolderRef[]): Promise<number[]> {
    return this.mapping.shortIds(session, folders.map(longFolderId));
  }

  async folder(session: SessionAddress, objectId: number): Promise<FolderRef | undefined> {
    const longId = await this.mapping.longId(session, objectId);
    const slash = longId?.indexOf('/') ?? -1;
    const itemClass = longId?.slice(0, slash);
    if (longId === undefined || !itemClasses.includes(itemClass as ItemClass)) return undefined;
    return { itemClass: itemClass as ItemClass, id: longId.slice(slash + 1) };
  }

  /** Has the next look read the database. */
  forget(session: SessionAddress): void {
    this.mapping.forget(session);
  }

  /** Keeps the numbers of folders whose ids changed. */
  rename(session: SessionAddress, changes: readonly { from: FolderRef; to: FolderRef }[]): Promise<void> {
    return this.mapping.rename(
      session,
      changes.map(({ from, to }) => ({ from: longFolderId(from), to: longFolderId(to) })),
    );
  }
}

function longFolderId({ itemClass, id }: FolderRef): string {
  return `${itemClass}/${id}`;
}
