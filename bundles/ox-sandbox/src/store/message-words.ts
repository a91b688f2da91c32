import type { Database } from './database';

/**
 * A full-text index of all that is searched in mails, by groups of three letters, so that a text is found inside of words
 * too, as an IMAP server finds it. It names candidates: upper and lower case, and where in the mail, is for the caller.
 */
export const wordsSchema = `
CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5(
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram');
CREATE TRIGGER IF NOT EXISTS message_words_insert AFTER INSERT ON message BEGIN
  INSERT INTO message_words (rowid, words) VALUES (new.id, ${searched('new')});
END;
CREATE TRIGGER IF NOT EXISTS message_words_delete AFTER DELETE ON message BEGIN
  DELETE FROM message_words WHERE rowid = old.id;
END;`;

/** An expression that {@link MessageWords} looks for. */
export type WordExpression = string;

/** More candidates than this, and going through the mails in their order finds a page sooner. */
const fewCandidates = 2000;

/** Looks into the index. */
export class MessageWords {
  constructor(private readonly db: Database) {}

  /** A file of an older version has messages that are not in the index. */
  catchUp(): void {
    if (this.db.value('SELECT rowid FROM message_words LIMIT 1') !== undefined) return;
    this.db.run(`INSERT INTO message_words (rowid, words) SELECT id, ${searched('message')} FROM message`);
  }

  /** True when so few messages match that it is best to begin with them. */
  areFew(words: WordExpression): boolean {
    const sql = 'SELECT count(*) FROM (SELECT 1 FROM message_words WHERE message_words MATCH ? LIMIT ?)';
    return (this.db.value<number>(sql, words, fewCandidates) ?? 0) < fewCandidates;
  }
}

/** What a message must have to match a pattern with the wildcards `*` and `?`; undefined when nothing can be said. */
export function wordsOfPattern(pattern: string): WordExpression | undefined {
  const groups = pattern.split(/[*?]/).flatMap((run) => {
    const letters = Array.from(run);
    return letters.slice(2).map((_, index) => letters.slice(index, index + 3).join(''));
  });
  return allWords([...new Set(groups)].map((group) => `"${group.replaceAll('"', '""')}"`));
}

/** All of those that are known are in a match. */
export function allWords(parts: readonly (WordExpression | undefined)[]): WordExpression | undefined {
  return joined(
    'AND',
    parts.filter((part) => part !== undefined),
  );
}

/** One of them is in a match; when one is not known, it can be anything. */
export function anyWords(parts: readonly (WordExpression | undefined)[]): WordExpression | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : joined('OR', known);
}

function joined(operator: 'AND' | 'OR', parts: readonly WordExpression[]): WordExpression | undefined {
  const distinct = [...new Set(parts)];
  return distinct.length > 1 ? `(${distinct.join(` ${operator} `)})` : distinct[0];
}

function searched(row: string): string {
  const columns = ['subject', '"from"', '"to"', 'cc', 'bcc', 'text'];
  return columns.map((column) => `coalesce(${row}.${column}, '')`).join(` || char(10) || `);
}
