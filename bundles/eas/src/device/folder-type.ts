import type { Folder, FolderRole, ItemClass } from '@oxtender/bundle-api';

/** [MS-ASCMD] "Type (FolderSync)". */
export const FolderType = {
  UserGeneric: 1,
  Inbox: 2,
  Drafts: 3,
  DeletedItems: 4,
  SentItems: 5,
  Outbox: 6,
  Tasks: 7,
  Calendar: 8,
  Contacts: 9,
  Notes: 10,
  UserMail: 12,
  UserCalendar: 13,
  UserContacts: 14,
  UserTasks: 15,
  UserNotes: 17,
} as const;

/** Default folders. The junk folder has no type of its own: it is a mail folder. */
const typeOfRole: Partial<Record<FolderRole, number>> = {
  inbox: FolderType.Inbox,
  drafts: FolderType.Drafts,
  trash: FolderType.DeletedItems,
  sent: FolderType.SentItems,
  outbox: FolderType.Outbox,
  tasks: FolderType.Tasks,
  calendar: FolderType.Calendar,
  contacts: FolderType.Contacts,
  notes: FolderType.Notes,
};

const typeOfClass: Record<ItemClass, number> = {
  Email: FolderType.UserMail,
  Calendar: FolderType.UserCalendar,
  Contacts: FolderType.UserContacts,
  Tasks: FolderType.UserTasks,
  Notes: FolderType.UserNotes,
};

export function folderTypeOf(folder: Folder): number {
  return (folder.role && typeOfRole[folder.role]) ?? typeOfClass[folder.itemClass];
}

/** True for a folder that each user has once and cannot rename or delete. */
export function isDefaultFolder(folder: Folder): boolean {
  return folder.role !== undefined && folder.role in typeOfRole;
}

/** Class of a folder that a device wants to create. `undefined`: not one that it may. [MS-ASCMD] "Type (FolderCreate)". */
export function classOfUserType(type: number): ItemClass | undefined {
  if (type === FolderType.UserGeneric) return 'Email';
  return (Object.keys(typeOfClass) as ItemClass[]).find((itemClass) => typeOfClass[itemClass] === type);
}
