import { objectSql } from '../../columns/select';
import { mailSource } from '../../columns/mail';
import { Json } from '../../envelope/envelope';
import type { Call } from '../call';
import type { Reply } from '../module';
import { mailColumnsOf, mailFilter, mailFolder, mailOrder } from './access';

interface Row {
  thread: string;
  fields: string;
  unseen: number;
}

/** The folder's conversations: the mail that sorts first with the others of its thread. OX HTTP API, "threadedAll". */
export function conversations(call: Call): Reply {
  const folder = mailFolder(call, call.need('folder'));
  const columns = mailColumnsOf(call).filter((column) => column !== undefined);
  const filter = mailFilter(call, folder);
  const sql = `SELECT coalesce(m.thread, 'uid:' || t.uid) AS thread, ${objectSql(columns, call.viewer)} AS fields,
    t.flags & 32 = 0 AS unseen FROM ${mailSource} ${filter.where} ${mailOrder(call)}`;
  const threads = new Map<string, Row[]>();
  for (const row of call.context.db.rows<Row>(sql, ...filter.parameters)) {
    const thread = threads.get(row.thread);
    if (thread) thread.push(row);
    else threads.set(row.thread, [row]);
  }
  const from = call.int('left_hand_limit') ?? 0;
  const shown = [...threads.values()].slice(from, call.int('right_hand_limit') ?? threads.size);
  return { data: Json.array(shown.map(conversation)) };
}

function conversation(rows: readonly Row[]): string {
  const [first] = rows as [Row];
  const unread = rows.reduce((sum, { unseen }) => sum + unseen, 0);
  const members = rows.map(({ fields }) => fields).join(',');
  const own = first.fields.slice(1, -1);
  return `{${own}${own === '' ? '' : ','}"unreadCount":${unread},"thread":[${members}]}`;
}
