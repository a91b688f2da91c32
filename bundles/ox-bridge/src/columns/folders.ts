import type { FolderRights, FolderRole, ItemClass, RightScope } from '@oxtender/bundle-api';

/** The columns that folders are read with. OX HTTP API, "Detailed folder data". */
export const folderColumns = {
  id: 1,
  createdBy: 2,
  parent: 20,
  title: 300,
  ownRights: 305,
  standardFolder: 308,
  subscribed: 314,
  standardFolderType: 316,
} as const;

/** Modules that hold items, by class. OX has no notes. */
export const moduleOfClass = {
  Email: 'mail',
  Contacts: 'contacts',
  Calendar: 'calendar',
  Tasks: 'tasks',
} as const satisfies Partial<Record<ItemClass, string>>;

/** Values of `standard_folder_type`. */
export const roleOfType: Readonly<Record<number, FolderRole>> = {
  1: 'tasks',
  2: 'calendar',
  3: 'contacts',
  7: 'inbox',
  9: 'drafts',
  10: 'sent',
  11: 'junk',
  12: 'trash',
};

/** All rights of an owner, as bits. */
export const ownerBits = 403_710_016;

const nothing: FolderRights = {
  read: 'none',
  write: 'none',
  delete: 'none',
  createItems: false,
  createFolders: false,
  admin: false,
};

/** `own_rights`: bits, or for some mail servers letters (RFC 4314). */
export function decodeRights(value: unknown): FolderRights {
  if (typeof value === 'number') return fromBits(value);
  if (typeof value !== 'string') return nothing;
  return /^\d+$/.test(value) ? fromBits(Number(value)) : fromLetters(value);
}

/** Five fields of seven bits, low to high. Levels are ordered: what is above a level includes it. */
function fromBits(bits: number): FolderRights {
  const field = (index: number): number => Math.floor(bits / 2 ** (7 * index)) % 128;
  const folder = field(0);
  return {
    read: scope(field(1)),
    write: scope(field(2)),
    delete: scope(field(3)),
    createItems: folder >= 2,
    createFolders: folder >= 4,
    admin: field(4) > 0,
  };
}

function fromLetters(letters: string): FolderRights {
  const has = (any: string): boolean => Array.from(any).some((letter) => letters.includes(letter));
  return {
    read: has('r') ? 'all' : 'none',
    write: has('ws') ? 'all' : 'none',
    delete: has('dt') ? 'all' : 'none',
    createItems: has('i'),
    createFolders: has('kc'),
    admin: has('ax'),
  };
}

function scope(level: number): RightScope {
  if (level === 0) return 'none';
  return level === 1 ? 'own' : 'all';
}
