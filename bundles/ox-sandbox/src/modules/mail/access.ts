import { type Column } from '../../columns/column';
import { headerColumn, mailColumns, mailSource } from '../../columns/mail';
import { rowSql } from '../../columns/select';
import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import { type MailFolder, mailRoot } from '../../store/mail-folders';
import type { Mail } from '../../store/mails';
import type { Call, JsonObject } from '../call';

/** @throws OxError MSG-0066, MSG-0050 */
export function mailFolder(call: Call, path: string): MailFolder {
  if (path === mailRoot) throw oxError('MSG-0050', path);
  const folder = call.context.mailFolders.byPath(call.user.id, path);
  if (!folder) throw oxError('MSG-0066', path);
  return folder;
}

export interface FoundMail {
  readonly folder: MailFolder;
  readonly mail: Mail;
}

/** The mail named by `folder` and `id` or `message_id`. @throws OxError MSG-0066, MSG-0032, SVL-0002 */
export function mailOf(call: Call): FoundMail {
  const folder = mailFolder(call, call.need('folder'));
  const messageId = call.text('message_id');
  const id = messageId === undefined ? call.need('id') : undefined;
  const { mails } = call.context;
  const mail = id === undefined ? mails.byMessageId(folder.id, messageId ?? '') : mails.get(folder.id, uidOf(id));
  if (!mail) throw oxError('MSG-0032', id ?? messageId ?? '', folder.path);
  return { folder, mail };
}

/** `{folder, id}` in a body. */
export function mailReference(element: JsonObject): { folder: string; id: string } {
  const { folder = element['folder_id'], id } = element;
  if (typeof folder !== 'string') throw oxError('SVL-0002', 'folder');
  if (typeof id !== 'string' && typeof id !== 'number') throw oxError('SVL-0002', 'id');
  return { folder, id: String(id) };
}

export function uidOf(id: string): number {
  const uid = Number(id);
  return Number.isInteger(uid) ? uid : -1;
}

/** The columns asked for by number or header name, then those of `headers`. */
export function mailColumnsOf(call: Call): readonly (Column | undefined)[] {
  const columns = call.need('columns').split(',').filter(Boolean);
  const headers = (call.text('headers') ?? '').split(',').filter(Boolean);
  return [...columns.map((name) => (/^\d+$/.test(name) ? mailColumns.byId(Number(name)) : headerColumn(name)))].concat(
    headers.map(headerColumn),
  );
}

/** Rows of mails as JSON text. */
export function mailRows(call: Call, columns: readonly (Column | undefined)[], filter: Filter, order = ''): string[] {
  const sql = `SELECT ${rowSql(columns, call.viewer)} FROM ${mailSource} ${filter.where} ${order}`;
  return call.context.db.values<string>(sql, ...filter.parameters);
}

/** The folder's mails that the request wants to see. */
export function mailFilter(call: Call, folder: MailFolder): Filter {
  return Filter.of('t.folder = ?', folder.id).with(shownMails(call));
}

/** Of mails, those that the request wants to see. */
export function shownMails(call: Call): Filter {
  let filter = Filter.all;
  if (call.flag('unseen')) filter = filter.and('t.flags & 32 = 0');
  if (call.text('deleted') === 'false') filter = filter.and('t.flags & 2 = 0');
  return filter;
}

/** Sort keys that need more than the column's value. */
const sortKeys: Readonly<Record<number, string>> = {
  600: 't.uid',
  603: `lower(coalesce(json_extract(m."from", '$[0][0]'), json_extract(m."from", '$[0][1]')))`,
  604: `lower(coalesce(json_extract(m."to", '$[0][0]'), json_extract(m."to", '$[0][1]')))`,
  605: `lower(coalesce(json_extract(m.cc, '$[0][0]'), json_extract(m.cc, '$[0][1]')))`,
  607: 'm.subject COLLATE NOCASE',
};

/** ORDER BY: by time of arrival unless told otherwise, oldest first. */
export function mailOrder(call: Call): string {
  const direction = /^desc/i.test(call.text('order') ?? '') ? 'DESC' : 'ASC';
  const sort = Number(call.text('sort') ?? 610);
  const key = sortKeys[sort] ?? mailColumns.byId(sort)?.sql?.(call.viewer) ?? 't.received_date';
  return `ORDER BY ${key} ${direction}, t.uid ${direction}`;
}
