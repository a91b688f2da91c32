import { GroupwareError } from '@oxtender/bundle-api';
import type { OxBody } from '../columns/column-table';
import { OxError, type OxProblem } from '../http/ox-error';

/** How often a body is shortened: the server may name one field at a time. */
const attempts = 6;

/** What a problem's column is called, and which fields of the record it is part of. */
export interface ColumnNames {
  nameOf(column: number): string | undefined;
  fieldsOf(name: string): readonly string[];
}

/**
 * Sends a body, and again with the values shortened that the server finds too long: a phone does not understand a
 * refusal. Repeating is safe, for what was refused was not done.
 *
 * @throws GroupwareError TOO_LONG with `fields`, when it is not texts that are too long
 */
export async function shortening<T>(body: OxBody, names: ColumnNames, send: (body: OxBody) => Promise<T>): Promise<T> {
  let current = body;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(current);
    } catch (error) {
      if (!(error instanceof OxError) || error.code !== 'TOO_LONG') throw error;
      const shorter = attempt < attempts ? shorten(current, error.problems, names) : undefined;
      if (!shorter) throw tooLong(error, names);
      current = shorter;
    }
  }
}

/** The body with the named texts cut; undefined when nothing was there to cut. */
function shorten(body: OxBody, problems: readonly OxProblem[], names: ColumnNames): OxBody | undefined {
  const result = { ...body };
  let cut = false;
  for (const problem of problems) {
    const name = nameOf(problem, names);
    const value = name === undefined ? undefined : result[name];
    if (name === undefined || typeof value !== 'string' || value === '') continue;
    result[name] = cutText(value, problem.maxSize);
    cut = true;
  }
  return cut ? result : undefined;
}

/** Whole characters only. Some servers count bytes: what was short enough in characters is then cut by bytes. */
function cutText(value: string, maxSize = Math.floor(value.length / 2)): string {
  const characters = Array.from(value);
  if (characters.length > maxSize) return characters.slice(0, maxSize).join('');
  let bytes = 0;
  const fitting = characters.filter((one) => (bytes += Buffer.byteLength(one)) <= maxSize);
  return fitting.length < characters.length
    ? fitting.join('')
    : characters.slice(0, Math.floor(characters.length / 2)).join('');
}

function nameOf({ name, column }: OxProblem, names: ColumnNames): string | undefined {
  return name ?? (column === undefined ? undefined : names.nameOf(column));
}

function tooLong(cause: OxError, names: ColumnNames): GroupwareError {
  const fields = cause.problems.flatMap((problem) => names.fieldsOf(nameOf(problem, names) ?? ''));
  return new GroupwareError('TOO_LONG', 'OX finds a value too long', { cause, fields, backend: cause.backend });
}
