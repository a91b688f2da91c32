import type { ParsedMessage } from '../mail/message';
import type { Database } from './database';
import type { MailFolders } from './mail-folders';
import { MessageWords } from './message-words';
import { Messages } from './messages';

/** OX HTTP API, "Mail flags". */
export const Flag = {
  answered: 1,
  deleted: 2,
  draft: 4,
  flagged: 8,
  recent: 16,
  seen: 32,
  user: 64,
  spam: 128,
  forwarded: 256,
} as const;

/** A message in a folder. */
export interface Mail {
  readonly folder: number;
  /** Unique in the folder, never used again. */
  readonly uid: number;
  readonly message: number;
  readonly flags: number;
  readonly color_label: number;
  readonly received_date: number;
  readonly keywords: string | null;
}

export interface NewMail {
  readonly folder: number;
  readonly flags: number;
  readonly receivedDate: number;
  readonly colorLabel?: number;
}

/** Mails by folder and UID. One message may lie in many folders; its source is kept once. */
export class Mails {
  readonly messages: Messages;
  readonly words: MessageWords;

  constructor(
    private readonly db: Database,
    private readonly folders: MailFolders,
  ) {
    this.messages = new Messages(db);
    this.words = new MessageWords(db);
  }

  /** @returns the UID */
  add(mail: NewMail, message: ParsedMessage, source: Buffer, uid?: number): number {
    return this.place(mail, this.messages.insert(message, source), uid);
  }

  /** Puts a message that is known into one more folder. @returns the UID */
  place(
    { folder, flags, receivedDate, colorLabel }: NewMail,
    message: number,
    uid = this.folders.takeUids(folder),
  ): number {
    this.db.run(
      'INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, NULL)',
      folder,
      uid,
      message,
      flags,
      colorLabel ?? 0,
      receivedDate,
    );
    return uid;
  }

  get(folder: number, uid: number): Mail | undefined {
    return this.db.row<Mail>('SELECT * FROM mail WHERE folder = ? AND uid = ?', folder, uid);
  }

  byMessageId(folder: number, messageId: string): Mail | undefined {
    return this.db.row<Mail>(
      `SELECT mail.* FROM message JOIN mail ON mail.message = message.id
       WHERE message.message_id = ? AND mail.folder = ? ORDER BY mail.uid DESC`,
      messageId.replace(/^<|>$/g, ''),
      folder,
    );
  }

  setFlags(folder: number, uid: number, flags: number): void {
    this.db.run('UPDATE mail SET flags = ? WHERE folder = ? AND uid = ?', flags, folder, uid);
  }

  setColor(folder: number, uid: number, color: number): void {
    this.db.run('UPDATE mail SET color_label = ? WHERE folder = ? AND uid = ?', color, folder, uid);
  }

  /** Sets and clears flags of every mail in the folder. */
  setAllFlags(folder: number, set: number, clear: number): void {
    this.db.run('UPDATE mail SET flags = (flags | ?) & ~? WHERE folder = ?', set, clear, folder);
  }

  /** @returns the UID in the other folder */
  copy(mail: Mail, folder: number): number {
    const uid = this.folders.takeUids(folder);
    this.db.run(
      'INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[folder, uid, mail.message, mail.flags, mail.color_label, mail.received_date, mail.keywords],
    );
    return uid;
  }

  /** @returns the UID in the other folder */
  move(mail: Mail, folder: number): number {
    const uid = this.copy(mail, folder);
    this.delete(mail.folder, mail.uid);
    return uid;
  }

  delete(folder: number, uid: number): boolean {
    return this.db.run('DELETE FROM mail WHERE folder = ? AND uid = ?', folder, uid).changes > 0;
  }

  clear(folder: number): void {
    this.db.run('DELETE FROM mail WHERE folder = ?', folder);
  }

  /** Bytes of all mails of a user. */
  used(user: number): number {
    return (
      this.db.value<number>(
        `SELECT coalesce(sum(message.size), 0) FROM mail_folder JOIN mail ON mail.folder = mail_folder.id
       JOIN message ON message.id = mail.message WHERE mail_folder.user = ?`,
        user,
      ) ?? 0
    );
  }
}
