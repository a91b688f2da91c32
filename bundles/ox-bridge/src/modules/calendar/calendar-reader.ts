import type { Appointment, Cancellable } from '@oxtender/bundle-api';
import { type CalendarContext, calendarColumns } from '../../columns/calendar';
import type { OxUser } from '../../columns/people';
import { OxError } from '../../http/ox-error';
import type { OxAttachments } from '../attachments';
import { type OxObjects, type OxRow, type OxUpdates } from '../objects';
import type { PeopleDirectory } from '../people-directory';
import { CalendarRow, type Series, groupSeries, outlineLayout, tableAt, wholeLayout } from './rows';
import { withExceptions } from './series';

/** All appointments from the beginning to the end of times. */
const ever = { start: 0, end: 4_102_444_800_000 };

/** Reads appointments of a folder as OX stores them, and makes records of them. */
export class CalendarReader {
  constructor(
    readonly objects: OxObjects,
    readonly people: PeopleDirectory,
    private readonly attachments: OxAttachments,
  ) {}

  /** Ids and versions only. */
  async outline(
    folder: string,
    options: Cancellable,
  ): Promise<{ series: Series[]; answer: Awaited<ReturnType<OxObjects['all']>> }> {
    const answer = await this.objects.all(folder, outlineLayout.columns, options, ever);
    return { series: groupSeries(answer.data.map((row) => new CalendarRow(row, outlineLayout))), answer };
  }

  async updates(
    folder: string,
    timestamp: number,
    options: Cancellable,
  ): Promise<OxUpdates & { changed: CalendarRow[] }> {
    const updates = await this.objects.updates(folder, timestamp, wholeLayout.columns, options);
    return { ...updates, changed: updates.rows.map(whole) };
  }

  /** Series with their exceptions by id; what is gone is not in the map. */
  async load(folder: string, ids: readonly string[], options: Cancellable): Promise<Map<string, Series>> {
    const rows = await this.objects.list(folder, ids, wholeLayout.columns, options);
    return this.withExceptions(folder, Array.from(rows.values(), whole), options);
  }

  /** Adds the exceptions to rows that were read. */
  async withExceptions(
    folder: string,
    rows: readonly CalendarRow[],
    options: Cancellable,
  ): Promise<Map<string, Series>> {
    const changed = rows.filter((row) => row.isSeries && row.changeExceptions.length > 0);
    const found = await this.#exceptionsOf(
      folder,
      changed.map(({ id }) => id),
      options,
    );
    return new Map(rows.map((row) => [row.id, { row, exceptions: found.get(row.id) ?? [] }]));
  }

  /** Records of what was loaded, with attachments. */
  async records(folder: string, series: readonly Series[], options: Cancellable): Promise<Map<string, Appointment>> {
    const all = series.flatMap(({ row, exceptions }) => [row, ...exceptions]);
    await this.people.loadIds(all.flatMap(usersOf), options);
    const laden = all.filter(({ hasFiles }) => hasFiles).map(({ id }) => id);
    const files = await this.attachments.ofObjects(folder, laden, options);
    const record = (row: CalendarRow): Appointment => {
      const attachments = files[laden.indexOf(row.id)] ?? [];
      const plain = this.record(row);
      return attachments.length > 0 ? { ...plain, attachments } : plain;
    };
    return new Map(
      series.map(({ row, exceptions }) => {
        const changed = exceptions.map((one) => ({ date: one.datePosition, record: record(one) }));
        return [row.id, withExceptions(record(row), row.deleteExceptions, changed)];
      }),
    );
  }

  /** The record of one object. An exception that stands for itself repeats no more. */
  record(row: CalendarRow): Appointment {
    const context: CalendarContext = { people: this.people };
    const { recurrence, ...record } = calendarColumns.readRow(row.values, tableAt, context) as Appointment;
    return row.isSeries && recurrence ? { ...record, recurrence } : record;
  }

  async #exceptionsOf(
    folder: string,
    ids: readonly string[],
    options: Cancellable,
  ): Promise<Map<string, CalendarRow[]>> {
    if (ids.length === 0) return new Map();
    const answers = await this.objects.client.all(
      ids.map((id) => ({
        module: 'calendar',
        action: 'getChangeExceptions',
        parameters: { id, folder, columns: wholeLayout.columns.join() },
      })),
      options,
    );
    return new Map(
      ids.map((id, index) => {
        const answer = answers[index];
        if (answer instanceof OxError && answer.code !== 'NOT_FOUND') throw answer;
        const rows = answer === undefined || answer instanceof OxError ? [] : (answer.data as OxRow[]);
        return [id, rows.map(whole).filter((row) => row.exceptionOf === id)];
      }),
    );
  }
}

function whole(row: OxRow): CalendarRow {
  return new CalendarRow(row, wholeLayout);
}

function usersOf(row: CalendarRow): number[] {
  const users = (row.value(221) ?? []) as OxUser[];
  const participants = (row.value(220) ?? []) as unknown[];
  // An appointment of one person alone needs no names.
  if (users.length < 2 && participants.length < 2) return [];
  return [...users.map(({ id }) => Number(id)), Number(row.value(227) ?? 0), Number(row.value(2) ?? 0)];
}
