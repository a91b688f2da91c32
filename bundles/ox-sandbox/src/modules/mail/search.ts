import { oxError } from '../../envelope/ox-error';
import { like } from '../like';
import type { Condition } from '../search-term';

/** Fields of search filters. OX HTTP API, "Search mails". */
const fields: Readonly<Record<string, string>> = {
  from: 'm."from"',
  to: 'm."to"',
  cc: 'm.cc',
  bcc: 'm.bcc',
  subject: 'm.subject',
  text: 'm.text',
  content: 'm.text',
  size: 'm.size',
  flags: 't.flags',
  received_date: 't.received_date',
  sent_date: 'coalesce(m.sent_date, t.received_date)',
  attachment: 'm.attachment',
};

export function searchField(field: string): string | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** Columns of the old search body that hold text. */
const patternColumns: Readonly<Record<number, string>> = {
  603: 'm."from"',
  604: 'm."to"',
  605: 'm.cc',
  606: 'm.bcc',
  607: 'm.subject',
};

/** The old body: `[{"col": 607, "pattern": "x"}]`, any of which may match; column -1 is everything. @throws OxError SVL-0009 */
export function searchPatterns(body: readonly unknown[]): Condition {
  const terms = body.flatMap((element) => {
    const { col, pattern } = element as { col?: unknown; pattern?: unknown };
    if (typeof pattern !== 'string') throw oxError('SVL-0009', 'a pattern is missing');
    const one = patternColumns[Number(col)];
    return (one === undefined ? [...Object.values(patternColumns), 'm.text'] : [one]).map((column) => ({
      column,
      pattern,
    }));
  });
  if (terms.length === 0) return { sql: '1', parameters: [] };
  return {
    sql: terms.map(({ column }) => `${column} LIKE ? ESCAPE '\\'`).join(' OR '),
    parameters: terms.map(({ pattern }) => like(pattern)),
  };
}
