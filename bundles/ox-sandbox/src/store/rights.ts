/** One field of a folder's rights, in ascending order. OX HTTP API, "Permissions, bits". */
export interface Rights {
  /** 0 none, 1 see, 2 create objects, 4 create subfolders. */
  readonly folder: number;
  /** 0 none, 1 own, 2 all; so for write and delete. */
  readonly read: number;
  readonly write: number;
  readonly delete: number;
  readonly admin: boolean;
}

/** Everything: the greatest value in each field. */
export const fullRights = 403_710_016;

/** See the folder, create, read all, change and delete own objects. */
export const authorRights = encodeRights({ folder: 2, read: 2, write: 1, delete: 1, admin: false });

/** See the folder and read all objects. */
export const readerRights = encodeRights({ folder: 1, read: 2, write: 0, delete: 0, admin: false });

export const noRights: Rights = { folder: 0, read: 0, write: 0, delete: 0, admin: false };

export function decodeRights(bits: number): Rights {
  return {
    folder: bits & 127,
    read: (bits >> 7) & 127,
    write: (bits >> 14) & 127,
    delete: (bits >> 21) & 127,
    admin: ((bits >> 28) & 1) === 1,
  };
}

export function encodeRights(rights: Rights): number {
  const admin = rights.admin ? 1 << 28 : 0;
  return rights.folder | (rights.read << 7) | (rights.write << 14) | (rights.delete << 21) | admin;
}

/** The better of two in each field. */
export function mergeRights(one: Rights, other: Rights): Rights {
  return {
    folder: Math.max(one.folder, other.folder),
    read: Math.max(one.read, other.read),
    write: Math.max(one.write, other.write),
    delete: Math.max(one.delete, other.delete),
    admin: one.admin || other.admin,
  };
}
