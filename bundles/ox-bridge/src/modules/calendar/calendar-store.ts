import {
  type Appointment,
  type Cancellable,
  type CreateOptions,
  GroupwareError,
  type Instant,
  type ItemChanges,
  type ItemListing,
  type ItemPatch,
  type ItemVersion,
  type MoveResult,
  type PatchOptions,
  type ReadResult,
  type TimeZoneId,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { OxAttachments, attachmentModule } from '../attachments';
import { ChangeToken } from '../change-token';
import type { ItemStore } from '../item-store';
import { OxObjects, idOf } from '../objects';
import type { PeopleDirectory } from '../people-directory';
import { timestampOf } from '../plain-store';
import { omit } from '../../omit';
import { CalendarReader } from './calendar-reader';
import { type Answer, CalendarWriter } from './calendar-writer';
import { type Series, dateOf, versionOf } from './rows';

/** Appointments by the module `calendar`, which 6.x to 7.10 have. A series and what replaces its occurrences is one item. */
export class CalendarStore implements ItemStore<'Calendar'> {
  readonly attachments: OxAttachments;
  readonly #objects: OxObjects;
  readonly #reader: CalendarReader;
  readonly #writer: CalendarWriter;
  readonly #now: () => number;

  constructor(
    client: OxClient,
    people: PeopleDirectory,
    { now, timeZone }: { now: () => number; timeZone: TimeZoneId },
  ) {
    this.#objects = new OxObjects(client, 'calendar', { recurrence_master: true });
    this.attachments = new OxAttachments(client, attachmentModule.calendar);
    this.#reader = new CalendarReader(this.#objects, people, this.attachments);
    this.#writer = new CalendarWriter(this.#objects, this.#reader, people, timeZone);
    this.#now = now;
  }

  async list(folder: string, options: Cancellable): Promise<ItemListing<'Calendar'>> {
    const { series, answer } = await this.#reader.outline(folder, options);
    const newest = answer.data.filter((row) => row[6] === answer.timestamp).map((row) => idOf(row[0]));
    return {
      items: series.map((one) => itemVersion(one)),
      token: new ChangeToken(0).after(answer, newest, this.#now()).toString(),
    };
  }

  async changes(folder: string, token: string, options: Cancellable): Promise<ItemChanges<'Calendar'>> {
    const since = ChangeToken.parse(token);
    const { changed, deleted, answer } = await this.#reader.updates(folder, since.askFor, options);
    const unknown = changed.filter(({ id, lastModified }) => !since.isKnown(id, lastModified));
    const gone = deleted.filter((id) => !since.isKnown(id));
    const newest = changed.filter(({ lastModified }) => lastModified === answer.timestamp).map(({ id }) => id);
    const next = since.after(answer, [...newest, ...deleted], this.#now()).toString();
    if (unknown.length === 0 && gone.length === 0) return { kind: 'none', token: next };

    // A changed exception changes its series, which may not be among the changed objects itself.
    const whole = unknown.filter(({ exceptionOf }) => exceptionOf === undefined);
    const known = new Set(whole.map(({ id }) => id));
    const parents = new Set(unknown.flatMap(({ exceptionOf }) => (exceptionOf === undefined ? [] : [exceptionOf])));
    const missing = [...parents].filter((id) => !known.has(id));
    const series = new Map([
      ...(await this.#reader.withExceptions(folder, whole, options)),
      ...(await this.#reader.load(folder, missing, options)),
    ]);
    // The series of an exception may not be for this user to see: then the exception stands for itself.
    for (const row of unknown)
      if (row.exceptionOf !== undefined && !series.has(row.exceptionOf)) series.set(row.id, { row, exceptions: [] });

    const records = await this.#reader.records(folder, [...series.values()], options);
    const versions = Array.from(series.values(), (one) => itemVersion(one, records.get(one.row.id)));
    return { kind: 'delta', changed: versions, deleted: gone, token: next };
  }

  async read(folder: string, ids: readonly string[], options: Cancellable): Promise<ReadResult<'Calendar'>[]> {
    const series = await this.#reader.load(folder, ids, options);
    const records = await this.#reader.records(folder, [...series.values()], options);
    return ids.map((id): ReadResult<'Calendar'> => {
      const found = series.get(id);
      const item = records.get(id);
      if (!found || !item) return { id, error: gone() };
      return { id, version: versionOf(found), item };
    });
  }

  async create(
    folder: string,
    item: Appointment,
    { key, notify = false, signal }: CreateOptions,
  ): Promise<WrittenItem> {
    const options = { signal, notify };
    const { exceptions = [], ownStatus, ...plain } = item;
    const written = await this.#writer.create(folder, { uid: key, ...plain }, options);
    const answer = item.ownedByUser !== true && ownStatus !== undefined && ownStatus !== 'none' ? ownStatus : undefined;
    if (exceptions.length === 0 && !answer) return written;
    const series = await this.#load(folder, written.id, options);
    if (answer) await this.#writer.answer(folder, written.id, { status: answer }, options);
    await this.#writer.writeExceptions(folder, series, exceptions, options);
    return this.#written(folder, written.id, options);
  }

  async findCreated(folder: string, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    const id = await this.resolveUid(key, options);
    if (id === undefined) return undefined;
    const series = (await this.#reader.load(folder, [id], options)).get(id);
    return series && { id, version: versionOf(series) };
  }

  /** Id of the object with this UID, wherever it is. */
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

  async patch(folder: string, id: string, patch: ItemPatch<'Calendar'>, options: PatchOptions): Promise<WrittenItem> {
    const { ifVersion, notify = false, signal } = options;
    const { exceptions, ownStatus, ...own } = patch;
    const delicate =
      exceptions !== undefined ||
      ownStatus !== undefined ||
      own.attendees !== undefined ||
      own.recurrence !== undefined;
    const before = delicate ? await this.#load(folder, id, options) : undefined;
    if (before && ifVersion !== undefined && versionOf(before) !== ifVersion)
      throw new GroupwareError('CONFLICT', 'the appointment has another version');
    const target = { folder, id, timestamp: timestampOf(ifVersion) };
    const written = await this.#writer.update(target, own, before?.row, { signal, notify });
    // The answer tells the version, unless exceptions are part of it.
    if (!before && written && ifVersion?.includes('.') === false) return { id, version: written.version };
    if (!before) return this.#written(folder, id, options);

    // A new pattern may have made the server drop exceptions.
    const series = written ? await this.#load(folder, id, options) : before;
    if (ownStatus !== undefined) await this.#writer.answer(folder, id, { status: ownStatus ?? 'none' }, options);
    if (exceptions !== undefined)
      await this.#writer.writeExceptions(folder, series, exceptions ?? [], { signal, notify });
    return this.#written(folder, id, options);
  }

  delete(folder: string, ids: readonly string[], options: Cancellable): Promise<WriteResult[]> {
    return this.#objects.delete(folder, ids, options);
  }

  /** OX moves no series: it is made anew at the target, and then deleted. */
  async move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    const series = await this.#reader.load(folder, ids, options);
    const single = ids.filter((id) => series.get(id)?.row.isSeries === false);
    const moved = new Map((await this.#objects.move(folder, single, target, options)).map((one) => [one.id, one]));
    const results: MoveResult[] = [];
    for (const id of ids) {
      const one = series.get(id);
      results.push(
        moved.get(id) ?? (one ? await this.#moveSeries(folder, one, target, options) : { id, error: gone() }),
      );
    }
    return results;
  }

  /** Records the user's answer, to the whole item or to one occurrence. */
  async respond(
    folder: string,
    id: string,
    answer: Answer & { readonly occurrence?: Instant },
    options: Cancellable,
  ): Promise<WrittenItem> {
    const { occurrence } = answer;
    if (occurrence === undefined) await this.#writer.answer(folder, id, answer, options);
    else {
      const series = await this.#load(folder, id, options);
      await this.#writer.answerOccurrence(folder, series, { ...answer, occurrence }, options);
    }
    return this.#written(folder, id, options);
  }

  async #moveSeries(folder: string, series: Series, target: string, options: Cancellable): Promise<MoveResult> {
    const { id } = series.row;
    try {
      const item = (await this.#reader.records(folder, [series], options)).get(id);
      if (!item) return { id, error: gone() };
      // The server takes a UID only once, and the old series goes when the new one stands.
      const { attachments = [], ...copy } = omit(item, 'uid');
      const { signal } = options;
      const made = await this.create(target, copy, { key: crypto.randomUUID(), notify: false, signal });
      for (const { id: file } of attachments)
        await this.attachments.copy({ folder, id, file }, { folder: target, id: made.id }, options);
      const [deleted] = await this.delete(folder, [id], options);
      if (deleted?.error) return { id, error: deleted.error };
      return { id, moved: attachments.length > 0 ? await this.#written(target, made.id, options) : made };
    } catch (error) {
      if (error instanceof GroupwareError && error.code !== 'UNAVAILABLE') return { id, error };
      throw error;
    }
  }

  async #load(folder: string, id: string, options: Cancellable): Promise<Series> {
    const series = (await this.#reader.load(folder, [id], options)).get(id);
    if (!series) throw gone();
    return series;
  }

  async #written(folder: string, id: string, options: Cancellable): Promise<WrittenItem> {
    return { id, version: versionOf(await this.#load(folder, id, options)) };
  }
}

function itemVersion(series: Series, item?: Appointment): ItemVersion<'Calendar'> {
  const date = dateOf(series);
  return {
    id: series.row.id,
    version: versionOf(series),
    ...(date !== undefined && { date }),
    ...(item && { item }),
  };
}

function gone(): GroupwareError {
  return new GroupwareError('NOT_FOUND', 'the appointment is gone');
}
