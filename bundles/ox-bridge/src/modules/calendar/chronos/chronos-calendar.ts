import {
  type Appointment,
  type Cancellable,
  GroupwareError,
  type MoveResult,
  type Patch,
  type TimeZoneId,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { OxBody } from '../../../columns/column-table';
import type { OxAnswer, OxCall } from '../../../http/ox-call';
import type { OxClient } from '../../../http/ox-client';
import { OxError } from '../../../http/ox-error';
import { existing } from '../../existing';
import { whatever } from '../../objects';
import type { PeopleDirectory } from '../../people-directory';
import { shortening } from '../../shortening';
import type { CalendarBackend, Found, Target, WriteMode } from '../calendar-backend';
import { ChronosEvent } from './chronos-event';
import { ChronosFiles } from './chronos-files';
import { encodeRecurrenceId, encodeUtc } from './date-time';
import { type OxEvent, outlineFields } from './event';
import { eventNames, partStats, readEvent, writeEvent } from './event-fields';

type Occurrence = Parameters<CalendarBackend<ChronosEvent>['replaceOccurrence']>[1];

/** What a write has done. OX HTTP API, "CalendarResult". */
interface CalendarResult {
  readonly created?: readonly OxEvent[];
  readonly updated?: readonly OxEvent[];
  readonly conflicts?: readonly unknown[];
}

/** Masters and exceptions, but no occurrences of their own. */
const unexpanded = { expand: false, rangeStart: encodeUtc(0), rangeEnd: encodeUtc(4_102_444_800_000) };

/** The module `chronos`, since 7.10, and the only calendar of servers without the old one. OX HTTP API, "Module chronos". */
export class ChronosCalendar implements CalendarBackend<ChronosEvent> {
  readonly files: ChronosFiles;
  readonly combines = ['attendees', 'recurrence', 'reminder', 'busyStatus', 'start', 'end', 'allDay'] as const;

  constructor(
    private readonly client: OxClient,
    private readonly people: PeopleDirectory,
    private readonly timeZone: TimeZoneId,
  ) {
    this.files = new ChronosFiles(client);
  }

  async outline(folder: string, options: Cancellable): Promise<Found<ChronosEvent>> {
    const parameters = { folder, fields: outlineFields, ...unexpanded };
    const answer = await this.client.call<OxEvent[]>({ module: 'chronos', action: 'all', parameters }, options);
    return { objects: answer.data.map(toObject), answer };
  }

  async updates(
    folder: string,
    timestamp: number,
    options: Cancellable,
  ): Promise<Found<ChronosEvent> & { deleted: readonly string[] }> {
    const parameters = { folder, timestamp, expand: false };
    const answer = await this.client.call<{ newAndModified?: OxEvent[]; deleted?: { id: string }[] }>(
      { module: 'chronos', action: 'updates', parameters },
      options,
    );
    const { newAndModified = [], deleted = [] } = answer.data;
    return { objects: newAndModified.map(toObject), deleted: deleted.map(({ id }) => id), answer };
  }

  async list(folder: string, ids: readonly string[], options: Cancellable): Promise<ChronosEvent[]> {
    const body = ids.map((id) => ({ folder, id }));
    return (await this.#list(body, options)).map(toObject);
  }

  async exceptionsOf(folder: string, series: readonly ChronosEvent[], options: Cancellable): Promise<ChronosEvent[]> {
    const body = series.flatMap(({ id, event }) =>
      (event.changeExceptionDates ?? []).map((recurrenceId) => ({ folder, id, recurrenceId })),
    );
    return (await this.#list(body, options)).map(toObject).filter(({ exceptionOf }) => exceptionOf !== undefined);
  }

  records(_folder: string, objects: readonly ChronosEvent[]): Promise<Map<string, Appointment>> {
    const context = { people: this.people };
    return Promise.resolve(new Map(objects.map(({ id, event }) => [id, readEvent(event, context)])));
  }

  async create(folder: string, item: Appointment, mode: WriteMode): Promise<WrittenItem> {
    const event = await this.#event({ timeZone: this.timeZone, ...item }, undefined, mode);
    return shortening(event, eventNames, async (body) => {
      const call = { module: 'chronos', action: 'new', parameters: { folder, ...always(mode) }, body };
      const { created: [made] = [] } = await this.#write(call, mode);
      return written(made);
    });
  }

  async update(
    target: Target,
    patch: Patch<Appointment>,
    present: ChronosEvent | undefined,
    mode: WriteMode,
  ): Promise<WrittenItem | undefined> {
    const event = await this.#event(patch, present, mode);
    if (Object.keys(event).length === 0) return undefined;
    return shortening(event, eventNames, async (body) => {
      const parameters = { ...target, ...always(mode) };
      const { updated = [] } = await this.#write(
        { module: 'chronos', action: 'update', parameters, body: { event: body } },
        mode,
      );
      return written(updated.find(({ id }) => id === target.id));
    });
  }

  async replaceOccurrence(
    folder: string,
    { series, record, originalStart }: Occurrence,
    patch: Patch<Appointment>,
    mode: WriteMode,
  ): Promise<string> {
    const event = await this.#event(patch, series, mode);
    const recurrenceId = encodeRecurrenceId(originalStart, record.allDay);
    const target = { folder, id: series.id, timestamp: whatever, recurrenceId };
    return shortening(event, eventNames, async (body) => {
      const parameters = { ...target, ...always(mode) };
      const call = { module: 'chronos', action: 'update', parameters, body: { event: body } };
      const { created = [], updated = [] } = await this.#write(call, mode);
      const made = [...created, ...updated].find(({ id }) => id !== series.id);
      return written(made).id;
    });
  }

  async deleteOccurrence(
    folder: string,
    { series, record, originalStart }: Occurrence,
    mode: WriteMode,
  ): Promise<void> {
    const recurrenceId = encodeRecurrenceId(originalStart, record.allDay);
    const [error] = await this.#delete([{ folder, id: series.id, recurrenceId }], mode);
    if (error) throw error;
  }

  async answer(
    target: Omit<Target, 'timestamp'>,
    { status, comment = '', attendee: address }: Parameters<CalendarBackend['answer']>[1],
    options: Cancellable,
  ): Promise<void> {
    const parameters = { folder: target.folder, id: target.id, timestamp: whatever, ...mails(false) };
    const attendee = {
      ...(address === undefined ? { entity: this.people.userId } : { uri: `mailto:${address}`, email: address }),
      cuType: 'INDIVIDUAL',
      partStat: partStats.encode(status),
      // What was said with an answer before is not said any more.
      comment,
    };
    await this.client.call({ module: 'chronos', action: 'updateAttendee', parameters, body: { attendee } }, options);
  }

  async delete(
    folder: string,
    ids: readonly string[],
    options: Parameters<CalendarBackend['delete']>[2],
  ): Promise<WriteResult[]> {
    const errors = await this.#delete(
      ids.map((id) => ({ folder, id })),
      options,
    );
    return ids.map((id, index): WriteResult => {
      const error = errors[index];
      return error === undefined || error.code === 'NOT_FOUND' ? { id } : { id, error };
    });
  }

  async move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    const answers = await this.client.all(
      ids.map((id) => ({
        module: 'chronos',
        action: 'move',
        parameters: { folder, id, timestamp: whatever, targetFolder: target, checkConflicts: false },
        // The action is a PUT that takes everything from its parameters.
        body: {},
      })),
      options,
    );
    const moved = ids.map((id, index): MoveResult => {
      const answer = answers[index] as OxAnswer<CalendarResult> | OxError;
      if (answer instanceof OxError) return { id, error: answer };
      return { id, moved: { id, version: String(answer.timestamp) } };
    });
    return moved;
  }

  async resolveUid(uid: string, options: Cancellable): Promise<string | undefined> {
    try {
      const call = { module: 'chronos', action: 'resolve', parameters: { id: uid, fields: 'id,folder' } };
      return (await this.client.call<OxEvent | null>(call, options)).data?.id;
    } catch (error) {
      if (error instanceof OxError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #list(elements: readonly object[], options: Cancellable): Promise<OxEvent[]> {
    const found: OxEvent[] = [];
    for (let start = 0; start < elements.length; start += this.client.batchSize) {
      const body = elements.slice(start, start + this.client.batchSize);
      found.push(...(await existing<OxEvent>(this.client, { module: 'chronos', action: 'list', body }, options)));
    }
    return found;
  }

  /** @returns the error of each, in order; undefined for what is deleted */
  async #delete(
    events: readonly object[],
    { notify = false, signal }: Parameters<CalendarBackend['delete']>[2],
  ): Promise<(OxError | undefined)[]> {
    const parameters = { timestamp: whatever, ...mails(notify) };
    const call = { module: 'chronos', action: 'delete', parameters, body: { events } };
    const { data } = await this.client.call<readonly { readonly error?: unknown }[] | CalendarResult>(call, { signal });
    // Early servers answer one result for all, and an error when one cannot be deleted.
    const results = Array.isArray(data) ? (data as readonly { readonly error?: unknown }[]) : [];
    return events.map((_event, index) => {
      const error = results[index]?.error;
      if (error === undefined || error === null) return undefined;
      const fields = typeof error === 'object' ? error : results[index];
      return new OxError(fields as Record<string, unknown>, 'chronos');
    });
  }

  async #write(call: OxCall, options: Cancellable): Promise<CalendarResult> {
    const { data } = await this.client.call<CalendarResult>(call, options);
    if (data.conflicts && data.conflicts.length > 0)
      throw new GroupwareError('CONFLICT', 'OX reports a conflict of resources');
    return data;
  }

  async #event(patch: Patch<Appointment>, present: ChronosEvent | undefined, options: Cancellable): Promise<OxBody> {
    const addresses = (patch.attendees ?? []).map(({ address }) => address);
    if (patch.organizer) addresses.push(patch.organizer.address);
    await this.people.loadAddresses(addresses, options);
    const event = present?.event;
    const record = event && readEvent(event, { people: this.people });
    return writeEvent(patch, { people: this.people, present: event, record });
  }
}

/** Conflicts are stored, and people are told only when they shall be. */
function always({ notify }: WriteMode): Readonly<Record<string, string | boolean>> {
  return { checkConflicts: false, ...mails(notify) };
}

/** 7.10 knows the one parameter, 8.x the other: whoever is inside or outside gets a mail, or nobody does. */
function mails(notify: boolean): Readonly<Record<string, string | boolean>> {
  return { sendInternalNotifications: notify, scheduling: notify ? 'all' : 'none' };
}

function toObject(event: OxEvent): ChronosEvent {
  return new ChronosEvent(event);
}

function written(event: OxEvent | undefined): WrittenItem {
  if (!event) throw new GroupwareError('BROKEN_ANSWER', 'OX stored an event and does not show it');
  return { id: event.id, version: String(toObject(event).lastModified) };
}
