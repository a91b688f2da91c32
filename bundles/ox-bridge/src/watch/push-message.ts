import type { ChangeNotice } from '@oxtender/bundle-api';

/** What OX pushes by web socket or webhook. OX documentation, "Push Notification Service". */
export interface PushMessage {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The topics that OX has; changes of contacts, tasks, flags and folders are pushed to nobody. */
export const pushTopics = ['ox:mail:new', 'ox:calendar:updates'] as const;

/** The notices in a message; none for what is not understood. */
export function noticesOf({ name, args }: PushMessage): ChangeNotice[] {
  if (name.startsWith('ox:mail:')) return args.flatMap((one) => folderNotice(field(one, 'folder')));
  if (name !== 'ox:calendar:updates') return [];
  return args.flatMap((one) => {
    const folders = field(one, 'folders');
    return Array.isArray(folders) ? (folders as unknown[]).flatMap(calendarNotices) : [];
  });
}

function folderNotice(folderId: unknown): ChangeNotice[] {
  return typeof folderId === 'string' ? [{ folderId }] : [];
}

/** The new calendar names a folder `cal://0/31`, the old one `31`: both are told, for either may be in use. */
function calendarNotices(folderId: unknown): ChangeNotice[] {
  const plain = typeof folderId === 'string' ? /^cal:\/\/0\/(\d+)$/.exec(folderId)?.[1] : undefined;
  return [...folderNotice(folderId), ...folderNotice(plain)];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
