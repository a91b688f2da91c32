import type { Appointment, Instant } from '@oxtender/bundle-api';
import { calendarColumns } from '../../../columns/calendar';
import { frequencies } from '../../../columns/recurrence';
import { type OxRow, idOf } from '../../objects';
import { type CalendarObject, lastEndOf } from '../calendar-object';
import { originalStartOf } from './occurrence-time';

/** Which column stands where in a row. */
export interface RowLayout {
  /** As a call names them. */
  readonly columns: string;
  readonly at: ReadonlyMap<number, number>;
}

/** Columns that are looked at here and that the table does not have. */
const own = [1, 206, 208, 210, 211, 104];

/** Where the table's columns begin in a whole row. */
export const tableAt = own.length;

/** Enough for ids, versions and dates. */
export const outlineLayout = layout([...own, 6, 209, 201, 202, 216, 222, 215]);

export const wholeLayout = layout([...own, ...calendarColumns.columns]);

/** A row of the module `calendar`, by the meaning of its columns. */
export class CalendarRow implements CalendarObject {
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

  /** A series names itself, and is no exception. */
  get exceptionOf(): string | undefined {
    const series = this.value(206);
    if (series === null || series === undefined || Number(series) === 0) return undefined;
    const id = idOf(series);
    return id === this.id ? undefined : id;
  }

  get isSeries(): boolean {
    return Number(this.value(209) ?? 0) > 0 && this.exceptionOf === undefined;
  }

  get hasExceptions(): boolean {
    return this.isSeries && dates(this.value(210)).length > 0;
  }

  get hasFiles(): boolean {
    return Number(this.value(104) ?? 0) > 0;
  }

  get end(): Instant {
    return Number(this.value(202) ?? 0);
  }

  get lastEnd(): Instant | undefined {
    if (!this.isSeries) return this.end;
    const number = (column: number): number | undefined => Number(this.value(column) ?? 0) || undefined;
    return lastEndOf({
      frequency: frequencies[number(209) ?? 0] ?? 'none',
      interval: number(215) ?? 1,
      start: number(201) ?? 0,
      end: this.end,
      until: number(216),
      occurrences: number(222),
    });
  }

  /** An exception's only change exception is its own original date. */
  originalStart(series: Appointment): Instant {
    const [original] = dates(this.value(210));
    return originalStartOf(Number(this.value(208) ?? original ?? 0), series);
  }

  deletedStarts(series: Appointment): Instant[] {
    return dates(this.value(211)).map((date) => originalStartOf(date, series));
  }

  /** @param column - its number */
  value(column: number): unknown {
    return this.values[this.layout.at.get(column) ?? -1];
  }
}

function layout(columns: readonly number[]): RowLayout {
  return { columns: columns.join(), at: new Map(columns.map((id, index) => [id, index])) };
}

function dates(value: unknown): readonly Instant[] {
  return Array.isArray(value) ? value.map(Number).filter(Number.isFinite) : [];
}
