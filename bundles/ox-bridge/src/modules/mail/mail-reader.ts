import {
  type Cancellable,
  GroupwareError,
  type Message,
  type ReadOptions,
  type ReadResult,
} from '@oxtender/bundle-api';
import type { Draft } from '../../columns/column-table';
import { decodeFlags, mailColumns, mailFlag, mailVersion } from '../../columns/mail';
import { headerNames, isPlainMail, readHeaders } from '../../columns/mail-headers';
import type { OxCall } from '../../http/ox-call';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { type OxRow, idOf } from '../objects';
import { type OxMail, attachmentsOf, bodiesOf, calendarPartOf } from './mail-parts';

/** id, flags, color_label, attachment: before the columns of the table. */
const head = [600, 611, 102, 602];
const columns = [...head, ...mailColumns.columns];
const contentTypeAt = columns.length + headerNames.indexOf('Content-Type');

/** `max_size` of `get` is at least this many characters. */
const smallestLimit = 10_000;

/** Reads mails as records. Never marks one as read. */
export class MailReader {
  constructor(private readonly client: OxClient) {}

  async read(
    folder: string,
    ids: readonly string[],
    options: ReadOptions & Cancellable,
  ): Promise<ReadResult<'Email'>[]> {
    const rows = await this.#rows(folder, ids, options);
    const withParts = ids.filter((id) => needsParts(rows.get(id), options));
    const mails = await this.#parts(folder, withParts, options);
    return Promise.all(
      ids.map(async (id): Promise<ReadResult<'Email'>> => {
        const row = rows.get(id);
        if (!row) return { id, error: new GroupwareError('NOT_FOUND', 'the mail is gone') };
        const mail = mails.get(id);
        if (mail instanceof OxError) return { id, error: mail };
        return this.#result(folder, row, mail, options);
      }),
    );
  }

  async #rows(folder: string, ids: readonly string[], { signal }: Cancellable): Promise<Map<string, OxRow>> {
    const parameters = { columns: columns.join(), headers: headerNames.join() };
    const rows = new Map<string, OxRow>();
    for (let start = 0; start < ids.length; start += this.client.batchSize) {
      const body = ids.slice(start, start + this.client.batchSize).map((id) => ({ folder, id }));
      const call = { module: 'mail', action: 'list', parameters, body, repeatable: true };
      const { data } = await this.client.rows(call, { signal });
      // Mails that are deleted and not yet expunged are gone.
      for (const row of data) if ((Number(row[1]) & mailFlag.deleted) === 0) rows.set(idOf(row[0]), row);
    }
    return rows;
  }

  async #parts(
    folder: string,
    ids: readonly string[],
    options: ReadOptions & Cancellable,
  ): Promise<Map<string, OxMail | OxError>> {
    if (ids.length === 0) return new Map();
    const answers = await this.client.all(
      ids.map((id) => getCall(folder, id, options)),
      options,
    );
    return new Map(
      ids.map((id, index) => {
        const answer = answers[index];
        return [id, answer instanceof OxError ? answer : (answer?.data as OxMail)];
      }),
    );
  }

  async #result(
    folder: string,
    row: OxRow,
    mail: OxMail | undefined,
    options: ReadOptions & Cancellable,
  ): Promise<ReadResult<'Email'>> {
    const [id, flags, colour] = [idOf(row[0]), Number(row[1]), Number(row[2] ?? 0)];
    const item: Draft<Message> = mailColumns.readRow(row, head.length, undefined);
    Object.assign(item, decodeFlags(flags, colour));
    if ((flags & mailFlag.draft) !== 0) item.draft = true;
    readHeaders(row.slice(columns.length), item);
    if (mail) await this.#addParts(folder, id, { item, mail }, options);
    const isWanted = options.sourceOf !== 'secured' || (item.security ?? 'none') !== 'none';
    if (options.maxSourceSize !== undefined && isWanted)
      item.source = await this.#source(folder, id, options.maxSourceSize, options);
    return { id, version: mailVersion(flags, colour), item: item as Message };
  }

  async #addParts(
    folder: string,
    id: string,
    { item, mail }: { item: Draft<Message>; mail: OxMail },
    options: ReadOptions & Cancellable,
  ): Promise<void> {
    const bodies = bodiesOf(mail, options.bodies ?? [], options.maxBodySize ?? Infinity);
    if (bodies.length > 0) item.bodies = bodies;
    const attachments = attachmentsOf(mail);
    if (attachments.length > 0) item.attachments = attachments;
    const calendar = calendarPartOf(mail);
    if (!calendar) return;
    item.calendar =
      typeof calendar.content === 'string' ? calendar.content : await this.#partText(folder, id, calendar.id, options);
  }

  async #partText(folder: string, id: string, attachment: string, { signal }: Cancellable): Promise<string> {
    const { content } = await this.client.download(attachmentCall(folder, id, attachment), { signal });
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  }

  async #source(folder: string, id: string, limit: number, { signal }: Cancellable): Promise<Uint8Array> {
    if (limit === 0) return new Uint8Array();
    const { content } = await this.client.download(sourceCall(folder, id), { signal });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of content) {
      parts.push(part);
      length += part.length;
      if (length >= limit) break;
    }
    return Buffer.concat(parts).subarray(0, limit);
  }
}

/** The source as bytes: as JSON text it would lose what is not UTF-8. */
export function sourceCall(folder: string, id: string): OxCall {
  return { module: 'mail', action: 'get', parameters: { folder, id, src: 1, save: 1, unseen: true } };
}

export function attachmentCall(folder: string, id: string, attachment: string): OxCall {
  return { module: 'mail', action: 'attachment', parameters: { folder, id, attachment, save: 1 } };
}

/** `view=raw` gives every text as it is; the other views give one of them, as HTML to look at. */
function getCall(folder: string, id: string, { bodies = [], maxBodySize }: ReadOptions): OxCall {
  const wanted = bodies.length === 0 ? 0 : maxBodySize;
  const limit = wanted === undefined ? {} : { max_size: Math.max(wanted, smallestLimit) };
  return { module: 'mail', action: 'get', parameters: { folder, id, view: 'raw', unseen: true, ...limit } };
}

function needsParts(row: OxRow | undefined, { bodies = [] }: ReadOptions): boolean {
  if (!row) return false;
  return bodies.length > 0 || row[3] === true || !isPlainMail(row[contentTypeAt]);
}
