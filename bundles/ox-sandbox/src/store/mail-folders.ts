import type { Database } from './database';

/** A mail folder; its id on the wire is its path. */
export interface MailFolder {
  readonly id: number;
  readonly user: number;
  /** `default0/INBOX/Projects` */
  readonly path: string;
  readonly title: string;
  /** 7 inbox, 9 drafts, 10 sent, 11 spam, 12 trash, 0 others. OX HTTP API, 316. */
  readonly standard: number;
  readonly validity: number;
  readonly next_uid: number;
  readonly total: number;
  readonly unread: number;
}

/** Root of the primary account, which holds no messages. */
export const mailRoot = 'default0';

export const mailSeparator = '/';

/** Standard folders of a mailbox: number, path, title. */
const standardFolders = [
  [7, 'INBOX', 'Inbox'],
  [9, 'Drafts', 'Drafts'],
  [10, 'Sent', 'Sent'],
  [11, 'Spam', 'Spam'],
  [12, 'Trash', 'Trash'],
] as const;

/** The mailboxes' folders. */
export class MailFolders {
  constructor(private readonly db: Database) {}

  createStandard(user: number, validity: number): void {
    for (const [standard, path, title] of standardFolders)
      this.#insert({ user, path: `${mailRoot}${mailSeparator}${path}`, title, standard, validity });
  }

  create(user: number, path: string, validity: number): MailFolder {
    this.#insert({ user, path, title: titleOf(path), standard: 0, validity });
    return this.byPath(user, path) as MailFolder;
  }

  all(user: number): MailFolder[] {
    return this.db.rows<MailFolder>(
      'SELECT * FROM mail_folder WHERE user = ? ORDER BY standard = 0, standard, path',
      user,
    );
  }

  byPath(user: number, path: string): MailFolder | undefined {
    return this.db.row<MailFolder>('SELECT * FROM mail_folder WHERE user = ? AND path = ?', user, path);
  }

  byId(id: number): MailFolder | undefined {
    return this.db.row<MailFolder>('SELECT * FROM mail_folder WHERE id = ?', id);
  }

  standard(user: number, standard: number): MailFolder {
    return this.db.row<MailFolder>(
      'SELECT * FROM mail_folder WHERE user = ? AND standard = ?',
      user,
      standard,
    ) as MailFolder;
  }

  /** Folders directly below. */
  children(user: number, path: string): MailFolder[] {
    return this.all(user).filter((folder) => parentPath(folder.path) === path);
  }

  hasChildren(user: number, path: string): boolean {
    return (
      this.db.value<number>(
        'SELECT EXISTS (SELECT 1 FROM mail_folder WHERE user = ? AND substr(path, 1, ?) = ?)',
        ...[user, path.length + 1, path + mailSeparator],
      ) === 1
    );
  }

  /** Gives the folder, and so all below it, another path. */
  rename(folder: MailFolder, path: string): void {
    this.db.run(
      'UPDATE mail_folder SET path = ? || substr(path, ?) WHERE user = ? AND (path = ? OR substr(path, 1, ?) = ?)',
      ...[path, folder.path.length + 1, folder.user, folder.path, folder.path.length + 1, folder.path + mailSeparator],
    );
    this.db.run('UPDATE mail_folder SET title = ? WHERE id = ?', titleOf(path), folder.id);
  }

  /** Removes the folder and all below it with their mails. */
  delete(folder: MailFolder): void {
    const ids = this.db.values<number>(
      'SELECT id FROM mail_folder WHERE user = ? AND (path = ? OR substr(path, 1, ?) = ?)',
      ...[folder.user, folder.path, folder.path.length + 1, folder.path + mailSeparator],
    );
    for (const id of ids) {
      this.db.run('DELETE FROM mail WHERE folder = ?', id);
      this.db.run('DELETE FROM mail_folder WHERE id = ?', id);
    }
  }

  /** Reserves `count` UIDs. @returns the first */
  takeUids(folder: number, count = 1): number {
    const next = this.db.value<number>(
      'UPDATE mail_folder SET next_uid = next_uid + ? WHERE id = ? RETURNING next_uid',
      count,
      folder,
    );
    return (next as number) - count;
  }

  #insert(folder: Pick<MailFolder, 'user' | 'path' | 'title' | 'standard' | 'validity'>): void {
    this.db.run(
      `INSERT INTO mail_folder (user, path, title, standard, validity, next_uid, total, unread)
       VALUES (?, ?, ?, ?, ?, 1, 0, 0)`,
      ...[folder.user, folder.path, folder.title, folder.standard, folder.validity],
    );
  }
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf(mailSeparator));
}

export function titleOf(path: string): string {
  return path.slice(path.lastIndexOf(mailSeparator) + 1);
}
