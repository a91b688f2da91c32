import { OxError, oxError } from '../envelope/ox-error';
import type { OxCode } from '../envelope/codes';
import { fromZoned } from '../store/zone';
import type { Column } from './column';
import type { ColumnTable } from './column-table';

export type SqlValue = string | number | null;

/** What a body changes: stored columns by name. */
export type Values = Record<string, SqlValue>;

export interface BodyOptions {
  readonly zone: string;
  /** The object is full-time unless the body says otherwise. */
  readonly fullTime?: boolean;
  /** Error for strings over the limit. */
  readonly tooLong: OxCode;
}

export const day = 86_400_000;

/** Midnight UTC of the day. */
export function floorDay(milliseconds: number): number {
  return Math.floor(milliseconds / day) * day;
}

/**
 * Reads the fields that a client may write out of a JSON body. Null and the empty string clear a field, a missing
 * field stays as it is. Fields that the module does not know are left out, as the original does.
 */
export function readBody(table: ColumnTable, body: Readonly<Record<string, unknown>>, options: BodyOptions): Values {
  const fullTime = typeof body['full_time'] === 'boolean' ? body['full_time'] : (options.fullTime ?? false);
  const values: Values = {};
  const problematic: Record<string, unknown>[] = [];
  for (const [name, value] of Object.entries(body)) {
    const column = table.byName(name);
    if (!column || column.sql || column.readOnly) continue;
    values[name] = readValue(column, value, { ...options, fullTime });
    const length = typeof values[name] === 'string' && column.type === 'string' ? values[name].length : 0;
    if (column.limit !== undefined && length > column.limit)
      problematic.push({ id: column.id, name, max_size: column.limit, length });
  }
  if (problematic.length > 0) {
    const names = problematic.map((entry) => String(entry['name'])).join(', ');
    throw new OxError(options.tooLong, { params: [names], problematic });
  }
  return values;
}

function readValue(column: Column, value: unknown, options: BodyOptions & { fullTime: boolean }): SqlValue {
  if (value === null || value === '') return null;
  switch (column.type) {
    case 'string':
    case 'id':
      if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(column, 'a string');
      return String(value);
    case 'bool':
      if (typeof value !== 'boolean') throw wrongType(column, 'a boolean');
      return value ? 1 : 0;
    case 'json':
      if (!Array.isArray(value)) throw wrongType(column, 'an array');
      return JSON.stringify(value);
    case 'date':
      return floorDay(numberOf(column, value));
    case 'time':
      return fromZoned(numberOf(column, value), options.zone);
    case 'dateOrTime':
      return options.fullTime ? floorDay(numberOf(column, value)) : fromZoned(numberOf(column, value), options.zone);
    case 'number':
      return numberOf(column, value);
    case 'int':
    case 'timestamp':
      return Math.trunc(numberOf(column, value));
  }
}

function numberOf(column: Column, value: unknown): number {
  const read = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isFinite(read)) throw wrongType(column, 'a number');
  return read;
}

function wrongType(column: Column, wanted: string): OxError {
  return oxError('SVL-0009', `field "${column.name}" is not ${wanted}`);
}
