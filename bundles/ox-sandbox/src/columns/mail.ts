import { type Column, derived } from './column';
import { ColumnTable } from './column-table';

/** 0 or 1, for sorting by a flag. */
const flag = (id: number, name: string, bit: number): Column => derived(id, name, 'int', `(t.flags & ${bit}) <> 0`);

/** What lists show of the text. */
const preview = 'substr(m.text, 1, 180)';

/** Without a Date header the time of arrival. */
const sentDate = 'coalesce(m.sent_date, t.received_date)';

/**
 * OX HTTP API, "Detailed mail data". In SQL `t` is the mail in its folder, `m` the message, `d` the folder. Ids are
 * strings in every version.
 */
export const mailColumns = new ColumnTable([
  derived(102, 'color_label', 'int', 't.color_label'),
  derived(309, 'total', 'int', 'd.total'),
  derived(310, 'new', 'int', '0'),
  derived(311, 'unread', 'int', 'd.unread'),
  derived(312, 'deleted', 'int', '0'),
  derived(600, 'id', 'string', 'CAST(t.uid AS TEXT)'),
  derived(601, 'folder_id', 'string', 'd.path'),
  derived(602, 'attachment', 'bool', 'm.attachment'),
  derived(603, 'from', 'json', 'm."from"'),
  derived(604, 'to', 'json', 'm."to"'),
  derived(605, 'cc', 'json', 'm.cc'),
  derived(606, 'bcc', 'json', 'm.bcc'),
  derived(607, 'subject', 'string', 'm.subject'),
  derived(608, 'size', 'int', 'm.size'),
  derived(609, 'sent_date', 'time', sentDate),
  derived(610, 'received_date', 'time', 't.received_date'),
  derived(611, 'flags', 'int', 't.flags'),
  derived(612, 'level', 'int', '0'),
  derived(613, 'disp_notification_to', 'string', 'm.disp_notification_to'),
  derived(614, 'priority', 'int', 'm.priority'),
  derived(615, 'msg_ref', 'string', 'NULL'),
  derived(650, 'folder', 'string', 'd.path'),
  flag(651, 'flag_seen', 32),
  derived(652, 'account_name', 'string', `'E-Mail'`),
  derived(653, 'account_id', 'int', '0'),
  derived(654, 'original_id', 'string', 'CAST(t.uid AS TEXT)'),
  derived(655, 'original_folder_id', 'string', 'd.path'),
  derived(656, 'content_type', 'string', 'm.content_type'),
  flag(657, 'flag_answered', 1),
  flag(658, 'flag_forwarded', 256),
  flag(659, 'flag_draft', 4),
  flag(660, 'flag_flagged', 8),
  derived(661, 'date', 'time', 't.received_date'),
  derived(662, 'text_preview', 'string', preview),
  derived(663, 'text_preview', 'string', preview),
]);

/** The value of any header of the message; of several the first. */
export function headerColumn(name: string): Column {
  const path = `$."${name.toLowerCase().replace(/[^a-z0-9-]/g, '')}"`;
  return derived(
    undefined,
    name,
    'string',
    `coalesce(json_extract(m.headers, '${path}[0]'), json_extract(m.headers, '${path}'))`,
  );
}

/** What goes after FROM. */
export const mailSource = 'mail t JOIN message m ON m.id = t.message JOIN mail_folder d ON d.id = t.folder';
