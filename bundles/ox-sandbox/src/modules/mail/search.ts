import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import type { MailFolder } from '../../store/mail-folders';
import { anyWords, wordsOfPattern } from '../../store/message-words';
import type { Call } from '../call';
import { like } from '../like';
import { type Condition, type SearchFields, searchTerm } from '../search-term';

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
  received_date: 't.received_date',
  sent_date: 'coalesce(m.sent_date, t.received_date)',
  attachment: 'm.attachment',
};

/** Fields whose texts the index of words has. */
const texts: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'bcc', 'subject', 'text', 'content']);

const searchFields: SearchFields = {
  columnOf: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
  wordsOf: (field, pattern) => (texts.has(field) ? wordsOfPattern(pattern) : undefined),
  conditionOf: (field, comparison, value) => (field === 'flags' ? flagsCondition(comparison, value) : undefined),
};

/** A flag is set; with a negative number, it is not. @throws OxError SVL-0010 */
function flagsCondition(comparison: string, value: unknown): Condition {
  const flag = Number(value);
  if (!Number.isInteger(flag) || flag === 0 || !['=', '<>'].includes(comparison)) throw oxError('SVL-0010', 'flags');
  const isSet = flag > 0 === (comparison === '=');
  return { sql: `t.flags & ? ${isSet ? '<>' : '='} 0`, parameters: [Math.abs(flag)] };
}

/**
 * The mails of a folder that a search wants. When few can match it goes out from those; otherwise from the folder in the
 * order that is asked for, until the page is full. Either takes the time of the page, not of the folder.
 */
export function searchFilter(call: Call, folder: MailFolder): Filter {
  const body = call.json();
  const { sql, parameters, words } = Array.isArray(body)
    ? searchPatterns(body)
    : searchTerm(call.object()['filter'], searchFields);
  if (words === undefined || !call.context.mails.words.areFew(words))
    return Filter.of('t.folder = ?', folder.id).and(sql, ...parameters);
  // The plus keeps SQLite from going through the folder.
  return Filter.of('t.message IN (SELECT rowid FROM message_words WHERE message_words MATCH ?)', words)
    .and('+t.folder = ?', folder.id)
    .and(sql, ...parameters);
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
function searchPatterns(body: readonly unknown[]): Condition {
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
    words: anyWords(terms.map(({ pattern }) => wordsOfPattern(pattern))),
  };
}
