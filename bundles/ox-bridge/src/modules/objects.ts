import {
  type Cancellable,
  GroupwareError,
  type MoveResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { OxBody } from '../columns/column-table';
import { nothingToChange } from '../http/error-codes';
import type { UploadPart } from '../http/multipart';
import type { OxAnswer, OxCall, OxParameter } from '../http/ox-call';
import { brokenAnswer } from '../http/envelope';
import { type OxClient, type OxRow, isRow, rowsIn } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import { existing } from './existing';

export type { OxRow };

/** The changes since a time. */
export interface OxUpdates {
  readonly rows: readonly OxRow[];
  readonly deleted: readonly string[];
  readonly answer: OxAnswer;
}

/** Later than every last_modified: the change is made whatever was changed meanwhile. */
export const whatever = Number.MAX_SAFE_INTEGER;

type Parameters = Readonly<Record<string, OxParameter>>;

/** Ids are numbers in 6.x and texts later. */
export function idOf(value: unknown): string {
  return String(value);
}

/** The actions that `contacts`, `calendar` and `tasks` have in common. OX HTTP API, those modules. */
export class OxObjects {
  constructor(
    readonly client: OxClient,
    readonly module: 'contacts' | 'calendar' | 'tasks',
    /** Parameters of every reading call of the module. */
    private readonly readingParameters: Parameters = {},
  ) {}

  async all(folder: string, columns: string, options: Cancellable, more: Parameters = {}): Promise<OxAnswer<OxRow[]>> {
    const parameters = { folder, columns, ...this.readingParameters, ...more };
    return this.client.rows({ module: this.module, action: 'all', parameters }, options);
  }

  /** `ignore=false` always: whether deletions are left out by default differs from module to module. */
  async updates(folder: string, timestamp: number, columns: string, options: Cancellable): Promise<OxUpdates> {
    const parameters = { folder, timestamp, columns, ignore: false, ...this.readingParameters };
    const answer = await this.client.call<unknown>({ module: this.module, action: 'updates', parameters }, options);
    if (!Array.isArray(answer.data)) throw brokenAnswer(this.module, 'no list of changes');
    const rows: OxRow[] = [];
    const deleted: string[] = [];
    for (const one of answer.data as unknown[]) {
      if (isRow(one)) rows.push(one);
      else deleted.push(deletedId(one, this.module));
    }
    return { rows, deleted, answer };
  }

  /** Rows by id; what is gone is not in the map. The first column must be the id. */
  async list(
    folder: string,
    ids: readonly string[],
    columns: string,
    options: Cancellable,
  ): Promise<Map<string, OxRow>> {
    const rows = new Map<string, OxRow>();
    const { batchSize } = this.client;
    const parameters = { columns, ...this.readingParameters };
    for (let start = 0; start < ids.length; start += batchSize) {
      const body = ids.slice(start, start + batchSize).map((id) => ({ folder, id }));
      const call = { module: this.module, action: 'list', parameters, body };
      const found = await existing<unknown>(this.client, call, options);
      for (const row of rowsIn(found, this.module)) rows.set(idOf(row[0]), row);
    }
    return rows;
  }

  async get(folder: string, id: string, options: Cancellable): Promise<OxBody> {
    const parameters = { folder, id };
    return (await this.client.call<OxBody>({ module: this.module, action: 'get', parameters }, options)).data;
  }

  /** @param file - uploaded with the object: a contact's picture */
  async create(body: OxBody, options: Cancellable, file?: UploadPart): Promise<WrittenItem> {
    const call = { module: this.module, action: 'new' };
    const { data, timestamp } = await this.#send<{ id?: unknown; conflicts?: unknown }>(call, body, options, file);
    if (data.id === undefined) throw new GroupwareError('CONFLICT', 'OX reports a conflict of resources');
    return { id: idOf(data.id), version: String(timestamp) };
  }

  /** @returns undefined when the server finds that nothing changes */
  async update(
    target: { folder: string; id: string; timestamp: number },
    body: OxBody,
    options: Cancellable,
    file?: UploadPart,
  ): Promise<WrittenItem | undefined> {
    const call = { module: this.module, action: 'update', parameters: target };
    try {
      const { data, timestamp } = await this.#send<{ id?: unknown } | null>(call, body, options, file);
      return { id: data?.id === undefined ? target.id : idOf(data.id), version: String(timestamp) };
    } catch (error) {
      if (error instanceof OxError && error.oxCode === nothingToChange) return undefined;
      throw error;
    }
  }

  /** Deletes many in one call; only when that is refused, one by one. What is gone already counts as deleted. */
  async delete(
    folder: string,
    ids: readonly string[],
    options: Cancellable & { notify?: boolean },
  ): Promise<WriteResult[]> {
    const { notify = false } = options;
    try {
      const left = await this.client.call<unknown>(this.#deletion(folder, ids, notify), options);
      const kept = keptIds(left.data);
      if (kept.size === 0) return ids.map((id) => ({ id }));
    } catch (error) {
      if (!(error instanceof OxError)) throw error;
      if (ids.length === 1) return [refusedDeletion(ids[0] ?? '', error)];
    }
    const answers = await this.client.all(
      ids.map((id) => this.#deletion(folder, [id], notify)),
      options,
    );
    return ids.map((id, index): WriteResult => {
      const answer = answers[index];
      if (answer instanceof OxError) return refusedDeletion(id, answer);
      if (keptIds(answer?.data).size === 0) return { id };
      return { id, error: new GroupwareError('CONFLICT', 'OX kept the object') };
    });
  }

  async move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]> {
    const answers = await this.client.all(
      ids.map((id) => ({
        module: this.module,
        action: 'update',
        parameters: { folder, id, timestamp: whatever },
        body: { folder_id: target },
      })),
      options,
    );
    return ids.map((id, index): MoveResult => {
      const answer = answers[index] as OxAnswer<{ id?: unknown } | null> | OxError;
      if (answer instanceof OxError) return { id, error: answer };
      const newId = answer.data?.id === undefined ? id : idOf(answer.data.id);
      return { id, moved: { id: newId, version: String(answer.timestamp) } };
    });
  }

  #deletion(folder: string, ids: readonly string[], notify: boolean): OxCall {
    const body = ids.map((id) => ({ folder, id }));
    const parameters = { timestamp: whatever, ...(notify && { notification: true }) };
    return { module: this.module, action: 'delete', parameters, body };
  }

  #send<T>(call: OxCall, body: OxBody, options: Cancellable, file: UploadPart | undefined): Promise<OxAnswer<T>> {
    if (!file) return this.client.call<T>({ ...call, body }, options);
    return this.client.upload<T>(call, [{ name: 'json', content: JSON.stringify(body) }, file], options);
  }
}

/** A deletion is a bare id; some versions of the calendar tell an object. */
function deletedId(value: unknown, module: string): string {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value;
  if (typeof id !== 'string' && typeof id !== 'number') throw brokenAnswer(module, 'a change that has no id');
  return idOf(id);
}

function keptIds(data: unknown): ReadonlySet<string> {
  if (!Array.isArray(data)) return new Set();
  return new Set(data.map((one) => idOf(typeof one === 'object' && one !== null ? (one as { id: unknown }).id : one)));
}

function refusedDeletion(id: string, error: OxError): WriteResult {
  return error.code === 'NOT_FOUND' ? { id } : { id, error };
}
