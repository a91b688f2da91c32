/**
 * Types of values. OX HTTP API, "Date and time": `time` is shifted by the user's zone on the wire, `date` and
 * `timestamp` are not; `dateOrTime` is a date where the object is full-time.
 */
export type ColumnType =
  'id' | 'string' | 'int' | 'number' | 'bool' | 'date' | 'time' | 'dateOrTime' | 'timestamp' | 'json';

/** A field of an object: its number in `columns=`, its name in bodies, and where its value lies. */
export interface Column {
  /** Undefined: only in bodies, never in `columns=`. */
  readonly id: number | undefined;
  readonly name: string;
  readonly type: ColumnType;
  /** Where the value comes from when it is not a stored column of that name; `t` is the object's table. */
  readonly sql?: ((viewer: Viewer) => string) | undefined;
  /** Stored, but not taken from a client's body. */
  readonly readOnly?: boolean;
  /** Longest string taken, in characters. */
  readonly limit?: number;
}

/** For whom values are written: decides zones, id types and whose alarm it is. */
export interface Viewer {
  readonly user: number;
  /** IANA name; `UTC` leaves times as they are. */
  readonly zone: string;
  /** Identifiers are numbers in 6.x and strings from 7.x on. */
  readonly numericIds: boolean;
}

type Extras = Pick<Column, 'readOnly' | 'limit'>;

const stored =
  (type: ColumnType) =>
  (id: number | undefined, name: string, extras: Extras = {}): Column => ({ id, name, type, ...extras });

export const bool = stored('bool');
export const date = stored('date');
export const dateOrTime = stored('dateOrTime');
export const int = stored('int');
export const json = stored('json');
export const number = stored('number');
export const time = stored('time');
export const timestamp = stored('timestamp');

/** A string of at most `limit` characters, 255 unless told. */
export function text(id: number, name: string, limit = 255): Column {
  return { id, name, type: 'string', limit };
}

/** A value that is computed when it is read. */
export function derived(
  id: number | undefined,
  name: string,
  type: ColumnType,
  sql: string | ((viewer: Viewer) => string),
): Column {
  return { id, name, type, sql: typeof sql === 'string' ? () => sql : sql };
}

/** A row of text columns with consecutive numbers. */
export function texts(first: number, names: readonly string[], limit?: number): Column[] {
  return names.map((name, index) => text(first + index, name, limit));
}
