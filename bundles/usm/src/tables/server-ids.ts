import type { CollectionId, ServerId } from '@oxtender/bundle-api';
import type { CollectionAddress } from './collection-address';
import type { IdMapping } from './id-mapping';

/** Item ids that a device gets as they are. */
const plainId = /^[A-Za-z0-9._-]{1,40}$/;
const collectionPattern = /^F([1-9][0-9]{0,9})$/;
const mappedPattern = /^~([0-9a-z]{1,7})$/;

export function collectionIdOf(objectId: number): CollectionId {
  return `F${objectId}`;
}

/** Undefined for what is no collection's id. */
export function objectIdOf(collectionId: CollectionId): number | undefined {
  const digits = collectionPattern.exec(collectionId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The collection's part of a server id. */
export function collectionPart(serverId: ServerId): CollectionId {
  return serverId.split(':', 1)[0] ?? '';
}

/**
 * Ids of items on a device: the collection's id, a colon, and the groupware's own id where it is short and plain; else a
 * tilde and a number that stands for it.
 */
export class ServerIds {
  constructor(private readonly mapping: IdMapping) {}

  /** In the order of `itemIds`. */
  async serverIds(address: CollectionAddress, itemIds: readonly string[]): Promise<ServerId[]> {
    const prefix = `${collectionIdOf(address.objectId)}:`;
    const long = itemIds.filter((id) => !plainId.test(id));
    if (long.length === 0) return itemIds.map((id) => prefix + id);
    const shortIds = await this.mapping.shortIds(
      address,
      long.map((id) => longItemId(address, id)),
    );
    const short = new Map(long.map((id, at) => [id, shortIds[at] ?? 0]));
    return itemIds.map((id) => prefix + (plainId.test(id) ? id : `~${(short.get(id) ?? 0).toString(36)}`));
  }

  async serverId(address: CollectionAddress, itemId: string): Promise<ServerId> {
    const [serverId = ''] = await this.serverIds(address, [itemId]);
    return serverId;
  }

  /** Undefined for an id that this collection never gave out. */
  async itemId(address: CollectionAddress, serverId: ServerId): Promise<string | undefined> {
    const prefix = `${collectionIdOf(address.objectId)}:`;
    if (!serverId.startsWith(prefix)) return undefined;
    const rest = serverId.slice(prefix.length);
    const short = mappedPattern.exec(rest)?.[1];
    if (short === undefined) return plainId.test(rest) ? rest : undefined;
    const longId = await this.mapping.longId(address, parseInt(short, 36));
    const itemPrefix = longItemId(address, '');
    return longId?.startsWith(itemPrefix) === true ? longId.slice(itemPrefix.length) : undefined;
  }
}

/** Folders and items share one table: a folder's long id begins with its class, an item's with a number. */
function longItemId({ objectId }: CollectionAddress, itemId: string): string {
  return `${objectId}:${itemId}`;
}
