import { calendarColumns } from '../columns/calendar';
import type { Column } from '../columns/column';
import type { ColumnTable } from '../columns/column-table';
import { contactColumns } from '../columns/contacts';
import { taskColumns } from '../columns/tasks';

const affinity: Record<Column['type'], string> = {
  id: 'INTEGER',
  string: 'TEXT',
  int: 'INTEGER',
  number: 'REAL',
  bool: 'INTEGER',
  date: 'INTEGER',
  time: 'INTEGER',
  dateOrTime: 'INTEGER',
  timestamp: 'INTEGER',
  json: 'TEXT',
};

/** A stored column's name and type, as a table declares it. */
export function columnDefinitions(table: ColumnTable): string[] {
  return table.stored.map((column) => `"${column.name}" ${affinity[column.type]}`);
}

const account = `
CREATE TABLE IF NOT EXISTS user (
  id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL, active INTEGER NOT NULL,
  mail TEXT NOT NULL COLLATE NOCASE, aliases TEXT NOT NULL, display_name TEXT NOT NULL, locale TEXT NOT NULL,
  timezone TEXT NOT NULL, contact INTEGER, created INTEGER NOT NULL, last_modified INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS user_setting (
  user INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (user, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS user_group (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL, members TEXT NOT NULL,
  last_modified INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS resource (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL, mailaddress TEXT, description TEXT,
  availability INTEGER NOT NULL, last_modified INTEGER NOT NULL);`;

const folders = `
CREATE TABLE IF NOT EXISTS folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER NOT NULL, module TEXT NOT NULL, type INTEGER NOT NULL,
  title TEXT NOT NULL, owner INTEGER NOT NULL, standard INTEGER NOT NULL, created_by INTEGER NOT NULL,
  modified_by INTEGER NOT NULL, creation_date INTEGER NOT NULL, last_modified INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS folder_parent ON folder (parent);
CREATE TABLE IF NOT EXISTS folder_permission (
  folder INTEGER NOT NULL, entity INTEGER NOT NULL, is_group INTEGER NOT NULL, bits INTEGER NOT NULL,
  PRIMARY KEY (folder, entity, is_group)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder_setting (
  folder TEXT NOT NULL, user INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (folder, user, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstone (
  module TEXT NOT NULL, folder INTEGER NOT NULL, id INTEGER NOT NULL, last_modified INTEGER NOT NULL,
  PRIMARY KEY (module, folder, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tombstone_modified ON tombstone (module, folder, last_modified);`;

const objects = `
CREATE TABLE IF NOT EXISTS contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, ${columnDefinitions(contactColumns).join(', ')});
CREATE INDEX IF NOT EXISTS contact_folder ON contact (folder, last_modified);
CREATE INDEX IF NOT EXISTS contact_uid ON contact (uid);
CREATE TABLE IF NOT EXISTS contact_image (
  contact INTEGER PRIMARY KEY, content_type TEXT NOT NULL, data BLOB NOT NULL, last_modified INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS contact_delete AFTER DELETE ON contact BEGIN
  DELETE FROM contact_image WHERE contact = old.id;
  DELETE FROM attachment WHERE module = 7 AND attached = old.id;
END;
CREATE TABLE IF NOT EXISTS attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, module INTEGER NOT NULL, attached INTEGER NOT NULL, filename TEXT NOT NULL,
  file_mimetype TEXT NOT NULL, file_size INTEGER NOT NULL, rtf_flag INTEGER NOT NULL, created_by INTEGER NOT NULL,
  creation_date INTEGER NOT NULL, last_modified INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS attachment_attached ON attachment (module, attached, last_modified);`;

/**
 * An object with participants lies in the folder of each of them (`<table>_folder`; user 0: a public folder) and has
 * an answer and a reminder for each (`<table>_user`). The stamp is kept with the place, so that a poll for changes
 * reads one index.
 */
function placed(table: string, columns: ColumnTable, moduleNumber: number, more: string): string {
  return `
CREATE TABLE IF NOT EXISTS ${table} (
  id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, ${more} ${columnDefinitions(columns).join(', ')});
CREATE INDEX IF NOT EXISTS ${table}_uid ON ${table} (uid);
CREATE TABLE IF NOT EXISTS ${table}_folder (
  folder INTEGER NOT NULL, id INTEGER NOT NULL, user INTEGER NOT NULL, last_modified INTEGER NOT NULL,
  PRIMARY KEY (folder, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ${table}_folder_id ON ${table}_folder (id);
CREATE INDEX IF NOT EXISTS ${table}_folder_modified ON ${table}_folder (folder, last_modified);
CREATE TABLE IF NOT EXISTS ${table}_user (
  id INTEGER NOT NULL, user INTEGER NOT NULL, confirm INTEGER NOT NULL, message TEXT, alarm INTEGER,
  PRIMARY KEY (id, user)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS ${table}_stamp AFTER UPDATE OF last_modified ON ${table} BEGIN
  UPDATE ${table}_folder SET last_modified = new.last_modified WHERE id = new.id;
END;
CREATE TRIGGER IF NOT EXISTS ${table}_delete AFTER DELETE ON ${table} BEGIN
  DELETE FROM ${table}_folder WHERE id = old.id;
  DELETE FROM ${table}_user WHERE id = old.id;
  DELETE FROM attachment WHERE module = ${moduleNumber} AND attached = old.id;
END;`;
}

/** `series_end`: when the last occurrence ends, null for an endless one; `chronos`: what the old columns can not say. */
const placedObjects =
  placed('appointment', calendarColumns, 1, 'series_end INTEGER, chronos TEXT,') +
  `CREATE INDEX IF NOT EXISTS appointment_series ON appointment (recurrence_id);` +
  placed('task', taskColumns, 4, '');

const mail = `
CREATE TABLE IF NOT EXISTS mail_folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
  standard INTEGER NOT NULL, validity INTEGER NOT NULL, next_uid INTEGER NOT NULL, total INTEGER NOT NULL,
  unread INTEGER NOT NULL, UNIQUE (user, path));
CREATE TABLE IF NOT EXISTS mail (
  folder INTEGER NOT NULL, uid INTEGER NOT NULL, message INTEGER NOT NULL, flags INTEGER NOT NULL,
  color_label INTEGER NOT NULL, received_date INTEGER NOT NULL, keywords TEXT,
  PRIMARY KEY (folder, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mail_received ON mail (folder, received_date, uid);
CREATE INDEX IF NOT EXISTS mail_message ON mail (message);
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, subject TEXT, sent_date INTEGER, "from" TEXT NOT NULL,
  "to" TEXT NOT NULL, cc TEXT NOT NULL, bcc TEXT NOT NULL, priority INTEGER NOT NULL, attachment INTEGER NOT NULL,
  content_type TEXT NOT NULL, disp_notification_to TEXT, message_id TEXT, thread TEXT,
  header_size INTEGER NOT NULL, structure TEXT NOT NULL, headers TEXT NOT NULL, text TEXT);
CREATE INDEX IF NOT EXISTS message_message_id ON message (message_id);
CREATE TABLE IF NOT EXISTS message_source (
  message INTEGER NOT NULL, seq INTEGER NOT NULL, chunk BLOB NOT NULL, PRIMARY KEY (message, seq));
CREATE TRIGGER IF NOT EXISTS mail_insert AFTER INSERT ON mail BEGIN
  UPDATE mail_folder SET total = total + 1, unread = unread + (new.flags & 32 = 0) WHERE id = new.folder;
END;
CREATE TRIGGER IF NOT EXISTS mail_seen AFTER UPDATE OF flags ON mail WHEN (old.flags & 32) <> (new.flags & 32) BEGIN
  UPDATE mail_folder SET unread = unread + (new.flags & 32 = 0) - (old.flags & 32 = 0) WHERE id = new.folder;
END;
CREATE TRIGGER IF NOT EXISTS mail_delete AFTER DELETE ON mail BEGIN
  UPDATE mail_folder SET total = total - 1, unread = unread - (old.flags & 32 = 0) WHERE id = old.folder;
  DELETE FROM message WHERE id = old.message AND NOT EXISTS (SELECT 1 FROM mail WHERE message = old.message);
END;
CREATE TRIGGER IF NOT EXISTS message_delete AFTER DELETE ON message BEGIN
  DELETE FROM message_source WHERE message = old.id;
END;`;

const rest = `
CREATE TABLE IF NOT EXISTS mail_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL, position INTEGER NOT NULL, rule TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vacation_reply (
  user INTEGER NOT NULL, address TEXT NOT NULL COLLATE NOCASE, sent INTEGER NOT NULL, PRIMARY KEY (user, address));
CREATE TABLE IF NOT EXISTS snippet (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS push_subscription (
  user INTEGER NOT NULL, token TEXT NOT NULL, transport TEXT NOT NULL, client TEXT NOT NULL, topics TEXT NOT NULL,
  PRIMARY KEY (user, token, transport));`;

/** All tables, indices and triggers; running it again changes nothing. */
export const schema = account + folders + objects + placedObjects + mail + rest;

/** Tables whose columns follow the column tables. */
const columnTables: Readonly<Record<string, ColumnTable>> = {
  contact: contactColumns,
  appointment: calendarColumns,
  task: taskColumns,
};

/** Columns that came after their table. */
export const addedColumns: readonly (readonly [table: string, definition: string])[] = [
  ...Object.entries(columnTables).flatMap(([table, columns]) =>
    columnDefinitions(columns).map((definition) => [table, definition] as const),
  ),
  ['message', '"text" TEXT'],
];
