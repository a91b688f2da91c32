import { DatabaseError } from '@oxtender/bundle-api';
import { QueryFailedError } from 'typeorm';

/** What SQLite's result codes mean to a caller; extended codes begin with these. https://sqlite.org/rescode.html */
const meanings = [
  { code: 'SQLITE_BUSY', means: 'BUSY' },
  { code: 'SQLITE_LOCKED', means: 'BUSY' },
  { code: 'SQLITE_FULL', means: 'FULL' },
  { code: 'SQLITE_CONSTRAINT_UNIQUE', means: 'DUPLICATE' },
  { code: 'SQLITE_CONSTRAINT_PRIMARYKEY', means: 'DUPLICATE' },
  { code: 'SQLITE_IOERR', means: 'UNAVAILABLE' },
  { code: 'SQLITE_CANTOPEN', means: 'UNAVAILABLE' },
  { code: 'SQLITE_READONLY', means: 'UNAVAILABLE' },
  { code: 'SQLITE_CORRUPT', means: 'UNAVAILABLE' },
  { code: 'SQLITE_NOTADB', means: 'UNAVAILABLE' },
  { code: 'SQLITE_PERM', means: 'UNAVAILABLE' },
] as const;

/** The driver's error as the contract has it. Parameters are left out: they are people's data. */
export function sqliteError(error: unknown, sql: string, file: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = sqliteCode(error);
  const meaning = meanings.find((entry) => code.startsWith(entry.code))?.means;
  if (!meaning) return new QueryFailedError(sql, undefined, error);
  return new DatabaseError(meaning, `${code}: ${error.message} (${file})`, {
    cause: error,
    retryable: meaning !== 'DUPLICATE',
  });
}

/** `SQLITE_…`, or empty for another error. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}
