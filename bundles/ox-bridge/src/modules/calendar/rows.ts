import type { Instant } from '@oxtender/bundle-api';
import { calendarColumns } from '../../columns/calendar';
import { type OxRow, idOf } from '../objects';

/** Which column stands where in a row. */
export interface RowLayout {
  readonly columns: readonly number[];
  readonly at: ReadonlyMap<number, number>;
}

/** Columns that the store looks at and the table does not have. */
const own = [1, 206, 208, 210, 211, 104];

/** Where the table's columns begin in a whole row. */
export const tableAt = own.length;

/** Enough for ids, versions and dates. */
export const outlineLayout = layout([...own, 6, 209, 201, 202, 216, 222, 215]);

export const wholeLayout = layout([...own, ...calendarColumns.columns]);

const day = 86_400_000;

/** The longest that one step of each recurrence_type takes; a weekly one may leave out nothing longer than a week. */
const longestStep = [0, day, 7 * day, 31 * day, 366 * day];

/** A row of the module `calendar`, by the meaning of its columns. */
export class CalendarRow {
  constructor(
    readonly values: OxRow,
    private readonly layout: RowLayout,
  ) {}

  get id(): string {
    return idOf(this.values[0]);
  }

  get lastModified(): number {
    return Number(this.value(6));
  }

  /** Id of the series that this is an exception of. A series names itself, and is none. */
  get exceptionOf(): string | undefined {
    const series = this.value(206);
    if (series === null || series === undefined || Number(series) === 0) return undefined;
    const id = idOf(series);
    return id === this.id ? undefined : id;
  }

  /** Date of the occurrence that an exception replaces. */
  get datePosition(): Instant {
    const [original] = dates(this.value(210));
    return Number(this.value(208) ?? original ?? 0);
  }

  get isSeries(): boolean {
    return Number(this.value(209) ?? 0) > 0 && this.exceptionOf === undefined;
  }

  get changeExceptions(): readonly Instant[] {
    return dates(this.value(210));
  }

  get deleteExceptions(): readonly Instant[] {
    return dates(this.value(211));
  }

  get hasFiles(): boolean {
    return Number(this.value(104) ?? 0) > 0;
  }

  get end(): Instant {
    return Number(this.value(202) ?? 0);
  }

  /** When the last occurrence is over, or a little later; undefined for an endless series. */
  get lastEnd(): Instant | undefined {
    if (!this.isSeries) return this.end;
    const [start, until, occurrences, interval] = [201, 216, 222, 215].map((id) => Number(this.value(id) ?? 0));
    const duration = this.end - (start ?? 0);
    if (until !== undefined && until > 0) return until + 2 * day + duration;
    if (occurrences === undefined || occurrences === 0) return undefined;
    return this.end + occurrences * (interval || 1) * (longestStep[Number(this.value(209))] ?? 0);
  }

  /** @param column - its number */
  value(column: number): unknown {
    return this.values[this.layout.at.get(column) ?? -1];
  }
}

/** An item: a series with the objects that replace occurrences of it, or one object. */
export interface Series {
  readonly row: CalendarRow;
  readonly exceptions: readonly CalendarRow[];
}

/** Puts exceptions to their series. One whose series is not there stands for itself: only to it was the user invited. */
export function groupSeries(rows: readonly CalendarRow[]): Series[] {
  const known = new Set(rows.map(({ id }) => id));
  const exceptions = new Map<string, CalendarRow[]>();
  const single: CalendarRow[] = [];
  for (const row of rows) {
    const series = row.exceptionOf;
    if (series === undefined || !known.has(series)) single.push(row);
    else exceptions.set(series, [...(exceptions.get(series) ?? []), row]);
  }
  return single.map((row) => ({ row, exceptions: exceptions.get(row.id) ?? [] }));
}

/** The version covers the exceptions: their newest change and their number. It begins with the series's own. */
export function versionOf({ row, exceptions }: Series): string {
  if (exceptions.length === 0) return String(row.lastModified);
  const newest = Math.max(...exceptions.map(({ lastModified }) => lastModified));
  return `${row.lastModified}.${newest}.${exceptions.length}`;
}

/** {@link ItemVersion.date} */
export function dateOf({ row, exceptions }: Series): Instant | undefined {
  const last = row.lastEnd;
  return last === undefined ? undefined : Math.max(last, ...exceptions.map(({ end }) => end));
}

function layout(columns: readonly number[]): RowLayout {
  return { columns, at: new Map(columns.map((id, index) => [id, index])) };
}

function dates(value: unknown): readonly Instant[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
