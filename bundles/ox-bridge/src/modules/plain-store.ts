import {
  type Cancellable,
  type CreateOptions,
  GroupwareError,
  type Instant,
  type Item,
  type ItemChanges,
  type ItemListing,
  type ItemPatch,
  type ItemVersion,
  type MoveResult,
  type Patch,
  type PatchOptions,
  type ReadResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { ColumnTable, OxBody } from '../columns/column-table';
import { brokenAnswer } from '../http/envelope';
import type { UploadPart } from '../http/multipart';
import { OxError } from '../http/ox-error';
import { ChangeToken } from './change-token';
import { inPlace } from './in-place';
import type { ItemStore } from './item-store';
import { type OxObjects, type OxRow, idOf, whatever } from './objects';
import { shortening } from './shortening';
import { TimeTexts } from './time-texts';

/** Classes whose items are one OX object each. */
export type PlainClass = 'Contacts' | 'Tasks';

/** Columns that every row begins with: id, last_modified_utc. */
const head = '1,6';
const headSize = 2;

/** A row, and what was read from it; or why what belongs to it could not be read. */
export interface ReadRow<C extends PlainClass> {
  readonly row: OxRow;
  readonly item: Item<C>;
  readonly error?: GroupwareError;
}

/** Contacts and tasks: what is particular to each is in the subclass. */
export abstract class PlainStore<C extends PlainClass> implements ItemStore<C> {
  /** Columns of every row, before those of the table. */
  readonly #lead: string;
  readonly #leadSize: number;
  /** Columns of a list, which may be long. */
  readonly #listed: string;

  /**
   * @param extras - columns for the subclass's own use; in every row from index 2 on
   * @param listedExtras - how many of them a list needs: the first ones
   */
  constructor(
    protected readonly objects: OxObjects,
    extras: readonly number[],
    protected readonly now: () => number,
    listedExtras = extras.length,
  ) {
    this.#lead = [head, ...extras].join();
    this.#leadSize = headSize + extras.length;
    this.#listed = [head, ...extras.slice(0, listedExtras)].join();
  }

  protected abstract get table(): ColumnTable<Item<C>>;
  /** True for objects that are no item of the class. */
  protected abstract isForeign(row: OxRow): boolean;
  /** True when the columns hold the whole item. */
  protected abstract isWhole(row: OxRow): boolean;
  /** Fetches what no column holds, in as few calls as possible. */
  protected abstract complete(folder: string, rows: ReadRow<C>[], options: Cancellable): Promise<ReadRow<C>[]>;
  protected abstract dateOf(row: OxRow, item: Item<C> | undefined): Instant | undefined;
  /** What of a patch no column takes: a file to upload, or fields of the body. */
  protected abstract beyondColumns(patch: Patch<Item<C>>): { file?: UploadPart; body?: OxBody };

  async list(folder: string, options: Cancellable): Promise<ItemListing<C>> {
    const { data, ...answer } = await this.objects.all(folder, this.#listed, options);
    const newest: string[] = [];
    const texts = new TimeTexts();
    const items = inPlace(data, (row) => {
      if (row[1] === answer.timestamp) newest.push(idOf(row[0]));
      return this.isForeign(row) ? undefined : this.#version(row, texts);
    });
    return {
      items,
      token: new ChangeToken(0).after(answer, { newest }, this.now()).toString(),
    };
  }

  async changes(folder: string, token: string, options: Cancellable): Promise<ItemChanges<C>> {
    const since = ChangeToken.parse(token);
    const { rows, deleted, answer } = await this.#withTable((table) =>
      this.objects.updates(folder, since.askFor, table.listBehind(this.#lead), options),
    );
    const unknown = rows.filter((row) => !since.isKnown(idOf(row[0]), Number(row[1])));
    const gone = [
      ...deleted.filter((id) => !since.isKnownDeletion(id)),
      ...unknown.filter((row) => this.isForeign(row)).map((row) => idOf(row[0])),
    ];
    const newest = rows.filter((row) => row[1] === answer.timestamp).map((row) => idOf(row[0]));
    const next = since.after(answer, { newest, deleted }, this.now()).toString();
    if (unknown.length === 0 && gone.length === 0) return { kind: 'none', token: next };
    const texts = new TimeTexts();
    const changed = unknown
      .filter((row) => !this.isForeign(row))
      .map((row) => this.#version(row, texts, this.#item(row)));
    return { kind: 'delta', changed, deleted: gone, token: next };
  }

  async read(folder: string, ids: readonly string[], options: Cancellable): Promise<ReadResult<C>[]> {
    const rows = await this.#withTable((table) =>
      this.objects.list(folder, ids, table.listBehind(this.#lead), options),
    );
    const own = [...rows.values()].filter((row) => !this.isForeign(row));
    const whole = await this.complete(
      folder,
      own.map((row) => ({ row, item: this.#item(row) })),
      options,
    );
    const byId = new Map(whole.map((one) => [idOf(one.row[0]), one]));
    return ids.map((id): ReadResult<C> => {
      const found = byId.get(id);
      if (!found) return { id, error: new GroupwareError('NOT_FOUND', 'the object is gone') };
      return found.error ? { id, error: found.error } : { id, version: idOf(found.row[1]), item: found.item };
    });
  }

  async create(folder: string, item: Item<C>, options: CreateOptions): Promise<WrittenItem> {
    const { key, notify = false } = options;
    const { file, body } = this.beyondColumns(item);
    const full = {
      uid: key,
      ...this.table.writeBody(item, undefined),
      ...body,
      folder_id: folder,
      ...(notify && { notification: true }),
    };
    return shortening(full, this.table, (shorter) => this.objects.create(shorter, options, file));
  }

  async findCreated(folder: string, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    const { data } = await this.objects.all(folder, `${head},223`, options);
    const row = data.find(([, , uid]) => uid === key);
    return row && { id: idOf(row[0]), version: idOf(row[1]) };
  }

  async patch(folder: string, id: string, patch: ItemPatch<C>, options: PatchOptions): Promise<WrittenItem> {
    const { ifVersion, notify = false } = options;
    const { file, body } = this.beyondColumns(patch);
    const full = { ...this.table.writeBody(patch, undefined), ...body };
    if (Object.keys(full).length === 0 && !file) return this.#current(folder, id, options);
    const target = { folder, id, timestamp: timestampOf(ifVersion) };
    const written = await shortening({ ...full, ...(notify && { notification: true }) }, this.table, (shorter) =>
      this.objects.update(target, shorter, options, file),
    );
    return written ?? this.#current(folder, id, options);
  }

  delete(folder: string, ids: readonly string[], options: Cancellable): Promise<WriteResult[]> {
    return this.objects.delete(folder, ids, options);
  }

  move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    return this.objects.move(folder, ids, target, options);
  }

  /** Repeats a call without the optional columns where the server does not know them, and remembers that. */
  async #withTable<T>(call: (table: ColumnTable<Item<C>>) => Promise<T>): Promise<T> {
    const { table } = this;
    const fewer = table.withoutOptional();
    try {
      return await call(table);
    } catch (error) {
      if (!isColumnRefusal(error) || fewer.columns.length === table.columns.length) throw error;
    }
    const result = await call(fewer);
    try {
      // A server that failed just once would be taken for one without these columns: it is asked again.
      return await call(table);
    } catch (error) {
      if (!isColumnRefusal(error)) throw error;
      this.objects.client.account.traits.optionalColumns = false;
      return result;
    }
  }

  async #current(folder: string, id: string, options: Cancellable): Promise<WrittenItem> {
    const row = (await this.objects.list(folder, [id], head, options)).get(id);
    if (!row) throw new GroupwareError('NOT_FOUND', 'the object is gone');
    return { id, version: idOf(row[1]) };
  }

  #item(row: OxRow): Item<C> {
    return this.table.readRow(row, this.#leadSize, undefined) as Item<C>;
  }

  #version(row: OxRow, texts: TimeTexts, item?: Item<C>): ItemVersion<C> {
    if (typeof row[1] !== 'number') throw brokenAnswer(this.objects.module, 'an object without its last change');
    const date = this.dateOf(row, item);
    const id = idOf(row[0]);
    const version = texts.of(row[1]);
    if (!item) return date === undefined ? { id, version } : { id, version, date };
    return {
      id,
      version,
      ...(date !== undefined && { date }),
      ...(this.isWhole(row) && { item }),
    };
  }
}

/** Servers do not agree on how to say that they do not know a column. */
function isColumnRefusal(error: unknown): boolean {
  return error instanceof OxError && (error.code === 'INVALID' || error.code === 'BROKEN_ANSWER');
}

/** The `timestamp` that makes the server compare versions, or not. */
export function timestampOf(version: string | undefined): number {
  if (version === undefined) return whatever;
  const timestamp = Number.parseInt(version, 10);
  if (Number.isNaN(timestamp)) throw new GroupwareError('CONFLICT', 'not a version of this bridge');
  return timestamp;
}
