/** A device's session in the database. */
export interface SessionAddress {
  readonly contextId: number;
  readonly sessionId: number;
}

/** A collection of a device in the database. */
export interface CollectionAddress extends SessionAddress {
  /** Short id of the folder; {@link hierarchyObject} for the list of folders. */
  readonly objectId: number;
}

export const hierarchyObject = 0;

/** For locks and caches. */
export function addressText({ contextId, sessionId, objectId }: CollectionAddress): string {
  return `${contextId}/${sessionId}/${objectId}`;
}
