import {
  type Appointment,
  type AttachmentInfo,
  type Cancellable,
  GroupwareError,
  type MoveResult,
  type Patch,
  type TimeZoneId,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { calendarColumns } from '../../../columns/calendar';
import type { OxBody } from '../../../columns/column-table';
import { objectsIn } from '../../../columns/codecs';
import { type OxParticipant, type OxUser, confirmation, participantType } from '../../../columns/people';
import type { OxClient } from '../../../http/ox-client';
import { OxError } from '../../../http/ox-error';
import { OxAttachments, attachmentModule } from '../../attachments';
import { OxObjects, type OxRow, idOf, whatever } from '../../objects';
import type { PeopleDirectory } from '../../people-directory';
import { shortening } from '../../shortening';
import type { CalendarBackend, Found, Target, WriteMode } from '../calendar-backend';
import { CalendarRow, outlineLayout, tableAt, wholeLayout } from './calendar-row';
import { datePositionOf } from './occurrence-time';

type Occurrence = Parameters<CalendarBackend<CalendarRow>['replaceOccurrence']>[1];

/** From the beginning to the end of times. */
const ever = { start: 0, end: 4_102_444_800_000 };

/** Fields of a body that one kind of recurrence has and another must not have. */
const recurrenceFields = ['interval', 'days', 'day_in_month', 'month', 'until', 'occurrences'] as const;

/** The module `calendar`, which servers from 6.x to 7.10 have. OX HTTP API, "Module calendar". */
export class LegacyCalendar implements CalendarBackend<CalendarRow> {
  readonly files: OxAttachments;
  readonly combines = ['attendees', 'recurrence'] as const;
  readonly #objects: OxObjects;

  constructor(
    client: OxClient,
    private readonly people: PeopleDirectory,
    private readonly timeZone: TimeZoneId,
  ) {
    this.files = new OxAttachments(client, attachmentModule.calendar);
    // Without it, every occurrence would be listed for itself.
    this.#objects = new OxObjects(client, 'calendar', { recurrence_master: true });
  }

  async outline(folder: string, options: Cancellable): Promise<Found<CalendarRow>> {
    const answer = await this.#objects.all(folder, outlineLayout.columns, options, ever);
    return { objects: answer.data.map((row) => new CalendarRow(row, outlineLayout)), answer };
  }

  async updates(
    folder: string,
    timestamp: number,
    options: Cancellable,
  ): Promise<Found<CalendarRow> & { deleted: readonly string[] }> {
    const { rows, deleted, answer } = await this.#objects.updates(folder, timestamp, wholeLayout.columns, options);
    return { objects: rows.map(whole), deleted, answer };
  }

  async list(folder: string, ids: readonly string[], options: Cancellable): Promise<CalendarRow[]> {
    return Array.from((await this.#objects.list(folder, ids, wholeLayout.columns, options)).values(), whole);
  }

  async exceptionsOf(folder: string, series: readonly CalendarRow[], options: Cancellable): Promise<CalendarRow[]> {
    const { columns } = wholeLayout;
    const answers = await this.#objects.client.all(
      series.map(({ id }) => ({
        module: 'calendar',
        action: 'getChangeExceptions',
        parameters: { id, folder, columns },
      })),
      options,
    );
    return answers.flatMap((answer) => {
      if (!(answer instanceof OxError)) return (answer.data as OxRow[]).map(whole);
      if (answer.code === 'NOT_FOUND') return [];
      throw answer;
    });
  }

  async records(
    folder: string,
    objects: readonly CalendarRow[],
    options: Cancellable,
  ): Promise<Map<string, Appointment>> {
    await this.people.loadIds(objects.flatMap(usersOf), options);
    const laden = objects.filter(({ hasFiles }) => hasFiles).map(({ id }) => id);
    const files = await this.files.ofObjects(folder, laden, options);
    const filesOf = new Map(laden.map((id, index) => [id, files[index] ?? []]));
    return new Map(objects.map((row) => [row.id, this.#record(row, filesOf.get(row.id) ?? [])]));
  }

  async create(folder: string, item: Appointment, mode: WriteMode): Promise<WrittenItem> {
    const body = await this.#body({ timeZone: this.timeZone, ...item }, undefined, mode);
    const full = { ...body, ...always(mode), folder_id: folder };
    return shortening(full, calendarColumns, (shorter) => this.#objects.create(shorter, mode));
  }

  async update(
    target: Target,
    patch: Patch<Appointment>,
    present: CalendarRow | undefined,
    mode: WriteMode,
  ): Promise<WrittenItem | undefined> {
    const body = await this.#body(patch, present, mode);
    if (present && patch.recurrence !== undefined) this.#clearOldRecurrence(body, present);
    if (Object.keys(body).length === 0) return undefined;
    return shortening({ ...body, ...always(mode) }, calendarColumns, (shorter) =>
      this.#objects.update({ ...target }, shorter, mode),
    );
  }

  async replaceOccurrence(
    folder: string,
    { series, record, originalStart }: Occurrence,
    patch: Patch<Appointment>,
    mode: WriteMode,
  ): Promise<string> {
    const position = { recurrence_date_position: datePositionOf(originalStart, record) };
    const body = { ...(await this.#body(patch, series, mode)), ...always(mode), ...position };
    const target = { folder, id: series.id, timestamp: whatever };
    const written = await shortening(body, calendarColumns, (shorter) => this.#objects.update(target, shorter, mode));
    if (!written || written.id === series.id) throw new GroupwareError('BROKEN_ANSWER', 'OX made no exception');
    return written.id;
  }

  async deleteOccurrence(
    folder: string,
    { series, record, originalStart }: Occurrence,
    { notify, signal }: WriteMode,
  ): Promise<void> {
    const element = { folder, id: series.id, recurrence_date_position: datePositionOf(originalStart, record) };
    const parameters = { timestamp: whatever, ...(notify && { notification: true }) };
    await this.#objects.client.call({ module: 'calendar', action: 'delete', parameters, body: [element] }, { signal });
  }

  async answer(
    { folder, id }: Omit<Target, 'timestamp'>,
    { status, comment = '', attendee }: Parameters<CalendarBackend['answer']>[1],
    options: Cancellable,
  ): Promise<void> {
    const parameters = { folder, id, timestamp: whatever };
    const who =
      attendee === undefined ? { id: this.people.userId } : { type: participantType.external, mail: attendee };
    const body = { confirmation: confirmation.encode(status), confirmmessage: comment, ...who };
    await this.#objects.client.call({ module: 'calendar', action: 'confirm', parameters, body }, options);
  }

  delete(
    folder: string,
    ids: readonly string[],
    options: Parameters<CalendarBackend['delete']>[2],
  ): Promise<WriteResult[]> {
    return this.#objects.delete(folder, ids, options);
  }

  move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    return this.#objects.move(folder, ids, target, options);
  }

  async resolveUid(uid: string, options: Cancellable): Promise<string | undefined> {
    try {
      const call = { module: 'calendar', action: 'resolveuid', parameters: { uid } };
      const { data } = await this.#objects.client.call<{ id?: unknown } | null>(call, options);
      const id = data?.id === undefined || data.id === null ? '0' : idOf(data.id);
      return id === '0' ? undefined : id;
    } catch (error) {
      if (error instanceof OxError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** An exception that stands for itself repeats no more. */
  #record(row: CalendarRow, attachments: readonly AttachmentInfo[]): Appointment {
    const { recurrence, ...record } = calendarColumns.readRow(row.values, tableAt, {
      people: this.people,
    }) as Appointment;
    return {
      ...record,
      ...(row.isSeries && recurrence && { recurrence }),
      ...(attachments.length > 0 && { attachments }),
    };
  }

  async #body(patch: Patch<Appointment>, present: CalendarRow | undefined, options: Cancellable): Promise<OxBody> {
    const addresses = (patch.attendees ?? []).map(({ address }) => address);
    if (patch.organizer) addresses.push(patch.organizer.address);
    await this.people.loadAddresses(addresses, options);
    const fixed = present && patch.attendees !== undefined ? fixedParticipants(present, this.people.userId) : undefined;
    return calendarColumns.writeBody(patch, { people: this.people, ...(fixed && { fixed }) });
  }

  /** Says `null` for what the old pattern has and the new one has not: servers refuse a mixture. */
  #clearOldRecurrence(body: OxBody, present: CalendarRow): void {
    const { recurrence = null } = this.#record(present, []);
    const before = calendarColumns.writeBody({ recurrence }, { people: this.people });
    for (const field of recurrenceFields) if (field in before && !(field in body)) body[field] = null;
  }
}

/** Written with every object: OX then stores what overlaps, and mails participants only when it shall. */
function always({ notify }: WriteMode): OxBody {
  return { ignore_conflicts: true, notification: notify };
}

function whole(row: OxRow): CalendarRow {
  return new CalendarRow(row, wholeLayout);
}

/** Users whose names the record will need. An appointment of one person alone needs none. */
function usersOf(row: CalendarRow): number[] {
  const users = objectsIn<OxUser>(row.value(221));
  const participants = objectsIn(row.value(220));
  if (users.length < 2 && participants.length < 2) return [];
  return [...users.map(({ id }) => Number(id)), Number(row.value(227) ?? 0), Number(row.value(2) ?? 0)];
}

/** Participants that no list of attendees names: the organizer, the user, groups, resources. */
function fixedParticipants(row: CalendarRow, userId: number): OxParticipant[] {
  const participants = objectsIn<OxParticipant>(row.value(220));
  const organizer = Number(row.value(227) ?? row.value(2) ?? 0);
  return participants
    .filter(({ id, type }) => {
      if (type === participantType.external) return false;
      return type !== participantType.user || Number(id) === organizer || Number(id) === userId;
    })
    .map(({ id, type }) => ({ id: Number(id), type }));
}
