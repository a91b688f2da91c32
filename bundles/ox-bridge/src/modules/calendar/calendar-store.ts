import {
  type Appointment,
  type AppointmentException,
  type Cancellable,
  type CreateOptions,
  GroupwareError,
  type Instant,
  type ItemChanges,
  type ItemListing,
  type ItemPatch,
  type ItemVersion,
  type MoveResult,
  type ParticipationStatus,
  type PatchOptions,
  type ReadResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { type Proposal, withProposal } from '../../columns/proposal-note';
import { omit } from '../../omit';
import { ChangeToken } from '../change-token';
import { type ItemFiles, collect } from '../item-files';
import type { ItemStore } from '../item-store';
import { timestampOf } from '../plain-store';
import type { CalendarBackend, WriteMode } from './calendar-backend';
import type { CalendarObject } from './calendar-object';
import { ExceptionWriter, type PresentSeries } from './exception-writer';
import { differenceOf } from './exceptions';
import { type Series, dateOf, groupSeries, versionOf } from './series';

/** How an answer to an invitation is given. */
export interface Answer {
  readonly status: ParticipationStatus;
  readonly comment?: string;
  readonly proposal?: Proposal;
  /** `originalStart` of one occurrence; absent: the whole item. */
  readonly occurrence?: Instant;
  /** Address of the one outside who answers; absent: the user. */
  readonly attendee?: string;
}

/** Appointments. A series and what replaces its occurrences is one item, though OX keeps an object for each. */
export class CalendarStore<O extends CalendarObject = CalendarObject> implements ItemStore<'Calendar'> {
  readonly #exceptions: ExceptionWriter<O>;

  constructor(
    private readonly backend: CalendarBackend<O>,
    private readonly now: () => number,
  ) {
    this.#exceptions = new ExceptionWriter(backend);
  }

  get files(): ItemFiles {
    return this.backend.files;
  }

  /** Id of the object with this UID, wherever it is. */
  resolveUid(uid: string, options: Cancellable): Promise<string | undefined> {
    return this.backend.resolveUid(uid, options);
  }

  async list(folder: string, options: Cancellable): Promise<ItemListing<'Calendar'>> {
    const { objects, answer } = await this.backend.outline(folder, options);
    return {
      items: groupSeries(objects).map((one) => itemVersion(one)),
      token: new ChangeToken(0).after(answer, { newest: newestOf(objects, answer.timestamp) }, this.now()).toString(),
    };
  }

  async changes(folder: string, token: string, options: Cancellable): Promise<ItemChanges<'Calendar'>> {
    const since = ChangeToken.parse(token);
    const { objects, deleted, answer } = await this.backend.updates(folder, since.askFor, options);
    const changed = objects.filter(({ id, lastModified }) => !since.isKnown(id, lastModified));
    const gone = deleted.filter((id) => !since.isKnownDeletion(id));
    const newest = newestOf(objects, answer.timestamp);
    const next = since.after(answer, { newest, deleted }, this.now()).toString();
    if (changed.length === 0 && gone.length === 0) return { kind: 'none', token: next };
    const series = await this.#seriesOf(folder, changed, options);
    const items = await this.#items(folder, series, options);
    const versions = series.map((one) => itemVersion(one, items.get(one.object.id)));
    return { kind: 'delta', changed: versions, deleted: gone, token: next };
  }

  async read(folder: string, ids: readonly string[], options: Cancellable): Promise<ReadResult<'Calendar'>[]> {
    const series = await this.#load(folder, ids, options);
    const items = await this.#items(folder, [...series.values()], options);
    return ids.map((id): ReadResult<'Calendar'> => {
      const found = series.get(id);
      const item = items.get(id);
      return found && item ? { id, version: versionOf(found), item } : { id, error: gone() };
    });
  }

  async create(
    folder: string,
    item: Appointment,
    { key, notify = false, signal }: CreateOptions,
  ): Promise<WrittenItem> {
    const mode = { signal, notify };
    const { exceptions = [], ownStatus = 'none', ...plain } = item;
    const written = await this.backend.create(folder, { uid: key, ...plain }, mode);
    const isAnswered = item.ownedByUser !== true && ownStatus !== 'none';
    if (exceptions.length === 0 && !isAnswered) return written;
    if (isAnswered) await this.backend.answer({ folder, id: written.id }, { status: ownStatus }, mode);
    return this.#writeExceptions(folder, await this.#one(folder, written.id, mode), exceptions, mode);
  }

  async findCreated(folder: string, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    const id = await this.backend.resolveUid(key, options);
    if (id === undefined) return undefined;
    const series = (await this.#load(folder, [id], options)).get(id);
    return series && { id, version: versionOf(series) };
  }

  async patch(folder: string, id: string, patch: ItemPatch<'Calendar'>, options: PatchOptions): Promise<WrittenItem> {
    const { ifVersion, notify = false, signal } = options;
    const { exceptions, ownStatus, ...own } = patch;
    const mode = { signal, notify };
    const needsPresent = exceptions !== undefined || this.backend.combines.some((field) => patch[field] !== undefined);
    const before = needsPresent ? await this.#one(folder, id, options) : undefined;
    if (before && ifVersion !== undefined && versionOf(before) !== ifVersion)
      throw new GroupwareError('CONFLICT', 'the appointment has another version');
    const target = { folder, id, timestamp: timestampOf(ifVersion) };
    const written = await this.backend.update(target, own, before?.object, mode);
    if (ownStatus !== undefined) await this.backend.answer(target, { status: ownStatus ?? 'none' }, mode);
    if (before && exceptions !== undefined) {
      // A new pattern may have made the server drop exceptions.
      const series = written ? await this.#one(folder, id, options) : before;
      return this.#writeExceptions(folder, series, exceptions ?? [], mode);
    }
    // The answer tells the version, unless exceptions are part of it.
    const isPlain = before ? before.exceptions.length === 0 : ifVersion?.includes('.') === false;
    if (written && isPlain && ownStatus === undefined) return { id, version: written.version };
    return this.#written(folder, id, options);
  }

  delete(
    folder: string,
    ids: readonly string[],
    options: Cancellable & { readonly notify?: boolean },
  ): Promise<WriteResult[]> {
    return this.backend.delete(folder, ids, options);
  }

  /** OX moves no series: it is made anew at the target, and then deleted. */
  async move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    const series = await this.#load(folder, ids, options);
    const whole = ids.filter((id) => series.get(id)?.object.isSeries !== true);
    const moved = new Map((await this.backend.move(folder, whole, target, options)).map((one) => [one.id, one]));
    const results: MoveResult[] = [];
    for (const id of ids) {
      const one = series.get(id);
      results.push(moved.get(id) ?? (one ? await this.#copy(folder, one, target, options) : { id, error: gone() }));
    }
    return results;
  }

  /** Records an answer, to the whole item or to one occurrence. */
  async respond(
    folder: string,
    id: string,
    { occurrence, proposal, ...said }: Answer,
    options: Cancellable,
  ): Promise<WrittenItem> {
    const comment = withProposal(said.comment, proposal);
    const answer = { ...said, ...(comment !== undefined && { comment }) };
    if (occurrence === undefined) await this.backend.answer({ folder, id }, answer, options);
    else {
      const present = await this.#present(folder, await this.#one(folder, id, options), options);
      await this.#exceptions.answer(present, { ...answer, occurrence }, options);
    }
    return this.#written(folder, id, options);
  }

  async #writeExceptions(
    folder: string,
    series: Series<O>,
    exceptions: readonly AppointmentException[],
    mode: WriteMode,
  ): Promise<WrittenItem> {
    await this.#exceptions.write(await this.#present(folder, series, mode), exceptions, mode);
    return this.#written(folder, series.object.id, mode);
  }

  /** Adds what belongs to changed objects: the series of an exception, the exceptions of a series. */
  async #seriesOf(folder: string, changed: readonly O[], options: Cancellable): Promise<Series<O>[]> {
    const single = changed.filter(({ exceptionOf }) => exceptionOf === undefined);
    const known = new Set(single.map(({ id }) => id));
    const parents = changed.flatMap(({ exceptionOf }) => exceptionOf ?? []).filter((id) => !known.has(id));
    const objects = [...single, ...(await this.backend.list(folder, [...new Set(parents)], options))];
    const found = new Set(objects.map(({ id }) => id));
    // The series of an exception may not be for this user to see.
    const orphans = changed.filter(({ exceptionOf }) => exceptionOf !== undefined && !found.has(exceptionOf));
    return this.#withExceptions(folder, [...objects, ...orphans], options);
  }

  async #load(folder: string, ids: readonly string[], options: Cancellable): Promise<Map<string, Series<O>>> {
    const objects = await this.backend.list(folder, ids, options);
    const series = await this.#withExceptions(folder, objects, options);
    return new Map(series.map((one) => [one.object.id, one]));
  }

  async #withExceptions(folder: string, objects: readonly O[], options: Cancellable): Promise<Series<O>[]> {
    const replaced = objects.filter(({ hasExceptions }) => hasExceptions);
    const exceptions = replaced.length > 0 ? await this.backend.exceptionsOf(folder, replaced, options) : [];
    const asked = new Set(objects.map(({ id }) => id));
    return groupSeries([...objects, ...exceptions.filter(({ id }) => !asked.has(id))]);
  }

  /** Whole records of series, with their exceptions. */
  async #items(folder: string, series: readonly Series<O>[], options: Cancellable): Promise<Map<string, Appointment>> {
    const objects = series.flatMap(({ object, exceptions }) => [object, ...exceptions]);
    const records = await this.backend.records(folder, objects, options);
    return new Map(
      series.flatMap((one) => {
        const record = records.get(one.object.id);
        return record ? [[one.object.id, wholeItem(one, record, records)] as const] : [];
      }),
    );
  }

  async #present(folder: string, series: Series<O>, options: Cancellable): Promise<PresentSeries<O>> {
    const records = await this.backend.records(folder, [series.object, ...series.exceptions], options);
    const record = records.get(series.object.id);
    if (!record) throw gone();
    return { folder, series, record, records };
  }

  async #copy(folder: string, series: Series<O>, target: string, options: Cancellable): Promise<MoveResult> {
    const { id } = series.object;
    try {
      const item = (await this.#items(folder, [series], options)).get(id);
      if (!item) return { id, error: gone() };
      // The server takes a UID only once, and the old series goes when the new one stands.
      const { attachments = [], ...copy } = omit(item, 'uid');
      const made = await this.create(target, copy, { key: crypto.randomUUID(), signal: options.signal });
      for (const file of attachments)
        await this.#copyFile({ folder, id, file: file.id }, { target, id: made.id }, options);
      const [deleted] = await this.delete(folder, [id], options);
      if (deleted?.error) return { id, error: deleted.error };
      return { id, moved: attachments.length > 0 ? await this.#written(target, made.id, options) : made };
    } catch (error) {
      if (error instanceof GroupwareError && error.code !== 'UNAVAILABLE') return { id, error };
      throw error;
    }
  }

  async #copyFile(
    from: { folder: string; id: string; file: string },
    to: { target: string; id: string },
    options: Cancellable,
  ): Promise<void> {
    const { info, content } = await this.backend.files.read(from.folder, from.id, from.file, options);
    await this.backend.files.add(to.target, to.id, { ...info, content: await collect(content) }, options);
  }

  async #one(folder: string, id: string, options: Cancellable): Promise<Series<O>> {
    const series = (await this.#load(folder, [id], options)).get(id);
    if (!series) throw gone();
    return series;
  }

  async #written(folder: string, id: string, options: Cancellable): Promise<WrittenItem> {
    return { id, version: versionOf(await this.#one(folder, id, options)) };
  }
}

function wholeItem<O extends CalendarObject>(
  { object, exceptions }: Series<O>,
  record: Appointment,
  records: ReadonlyMap<string, Appointment>,
): Appointment {
  const changed = exceptions.flatMap((one) => {
    const own = records.get(one.id);
    return own ? [differenceOf(record, own, one.originalStart(record))] : [];
  });
  const deleted = object.deletedStarts(record).map((originalStart) => ({ originalStart, deleted: true }));
  const all = [...changed, ...deleted].sort((a, b) => a.originalStart - b.originalStart);
  return all.length > 0 ? { ...record, exceptions: all } : record;
}

function itemVersion(series: Series, item?: Appointment): ItemVersion<'Calendar'> {
  const date = dateOf(series);
  return {
    id: series.object.id,
    version: versionOf(series),
    ...(date !== undefined && { date }),
    ...(item && { item }),
  };
}

function newestOf(objects: readonly CalendarObject[], timestamp: number): string[] {
  return objects.filter(({ lastModified }) => lastModified === timestamp).map(({ id }) => id);
}

function gone(): GroupwareError {
  return new GroupwareError('NOT_FOUND', 'the appointment is gone');
}
