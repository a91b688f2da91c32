import {
  type ByteStream,
  type Cancellable,
  type CreateOptions,
  type DeleteOptions,
  GroupwareError,
  type Instant,
  type ItemChanges,
  type ItemListing,
  type ItemPatch,
  type Mailbox,
  type Message,
  type MessageFlags,
  type MoveResult,
  type PatchOptions,
  type ReadOptions,
  type ReadResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { encodeColour, encodeFlags, mailFlag, mailVersion } from '../../columns/mail';
import type { OxAnswer, OxCall } from '../../http/ox-call';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import type { ItemStore } from '../item-store';
import { type OxRow, idOf } from '../objects';
import { DraftEditor, isContentPatch } from './draft-editor';
import { MailListing } from './mail-listing';
import { MailReader } from './mail-reader';
import { takingSpace } from './mailbox-quota';
import { compose, messageIdOf, newFiles } from './message-composer';
import { once, withHeader, withMessageId } from './source-header';

/** Where a mail was put. OX HTTP API, "Mail destination". */
interface Destination {
  readonly folder_id: string;
  readonly id: string | number;
}

/** The mailbox is too full to move something to its trash. */
const trashFull = 'MSG-0039';

/** Mails as items. A mail itself never changes: flags do, and moving gives it another id. */
export class MailItems implements ItemStore<'Email'> {
  readonly #listing: MailListing;
  readonly #reader: MailReader;
  readonly #drafts: DraftEditor;

  constructor(
    private readonly client: OxClient,
    private readonly self: Mailbox,
  ) {
    this.#listing = new MailListing(client);
    this.#reader = new MailReader(client);
    this.#drafts = new DraftEditor(client, self, this);
  }

  list(folder: string, options: Cancellable & { since?: Instant }): Promise<ItemListing<'Email'>> {
    return this.#listing.list(folder, options);
  }

  changes(folder: string, token: string, options: Cancellable & { since?: Instant }): Promise<ItemChanges<'Email'>> {
    return this.#listing.changes(folder, token, options);
  }

  read(folder: string, ids: readonly string[], options: ReadOptions & Cancellable): Promise<ReadResult<'Email'>[]> {
    return this.#reader.read(folder, ids, options);
  }

  /** The key becomes the Message-ID, unless the source has one. */
  create(folder: string, item: Message, { key, signal }: CreateOptions): Promise<WrittenItem> {
    const { source, draft, attachments } = item;
    const messageId = item.messageId ?? messageIdOf(key);
    const stream = source
      ? withHeader(once(source), withMessageId(messageId))
      : compose(item, this.self, messageId, newFiles(attachments));
    return this.store(folder, stream, { signal, flags: item, ...(draft !== undefined && { draft }) });
  }

  /** Stores a source. By upload: nothing else is safe for bytes of every kind. */
  async store(
    folder: string,
    source: ByteStream,
    { signal, flags = {}, draft }: Cancellable & { flags?: Partial<MessageFlags>; draft?: boolean },
  ): Promise<WrittenItem> {
    const { set } = encodeFlags({ ...flags, ...(draft !== undefined && { draft }) });
    const call = { module: 'mail', action: 'import', parameters: { folder, flags: set, force: true } };
    const part = { name: 'file', fileName: 'message.eml', contentType: 'message/rfc822', content: source };
    await this.client.account.ensureAlive(this.client, signal);
    const { data } = await takingSpace(this.client, signal, () =>
      this.client.upload<Destination[]>(call, [part], { signal }),
    );
    const [stored] = data;
    if (!stored) throw new GroupwareError('BROKEN_ANSWER', 'OX stored a mail and does not tell where');
    const id = idOf(stored.id);
    const colour = flags.categories ? (encodeColour(flags.categories) ?? 0) : 0;
    if (colour > 0) await this.client.call(updateCall(folder, id, { color_label: colour }), { signal });
    return { id, version: mailVersion(set, colour) };
  }

  async findCreated(folder: string, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    try {
      const parameters = { folder, message_id: messageIdOf(key), unseen: true, view: 'raw' };
      const call = { module: 'mail', action: 'get', parameters };
      const {
        id,
        flags = 0,
        color_label: colour = 0,
      } = (await this.client.call<{ id: string | number; flags?: number; color_label?: number }>(call, options)).data;
      return { id: idOf(id), version: mailVersion(flags, colour) };
    } catch (error) {
      if (error instanceof OxError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async patch(folder: string, id: string, patch: ItemPatch<'Email'>, options: PatchOptions): Promise<WrittenItem> {
    const { ifVersion, signal } = options;
    if (ifVersion !== undefined) await this.#refuseOther(folder, id, ifVersion, { signal });
    if (isContentPatch(patch)) return this.#drafts.rewrite(folder, id, patch, { signal });
    const calls = updateCalls(folder, id, patch);
    // The last answer tells what the flags are in the end.
    const answers = await this.client.all([...calls, flagsCall(folder, [id])], { signal });
    for (const answer of answers) if (answer instanceof OxError) throw answer;
    const [row] = (answers.at(-1) as OxAnswer<(OxRow | null)[]>).data;
    if (!row) throw gone();
    return writtenOf(row);
  }

  async delete(folder: string, ids: readonly string[], { mode, signal }: DeleteOptions): Promise<WriteResult[]> {
    try {
      const kept = await this.#delete(folder, ids, mode === 'permanent', signal);
      if (kept.size === 0) return ids.map((id) => ({ id }));
      return ids.map((id) =>
        kept.has(id) ? { id, error: new GroupwareError('PERMISSION', 'OX kept the mail') } : { id },
      );
    } catch (error) {
      if (!(error instanceof OxError)) throw error;
      if (error.oxCode === trashFull && mode === 'trash')
        return this.delete(folder, ids, { mode: 'permanent', signal });
      if (ids.length > 1) return this.#deleteSingly(folder, ids, mode, signal);
      return ids.map((id) => (error.code === 'NOT_FOUND' ? { id } : { id, error }));
    }
  }

  async move(folder: string, ids: readonly string[], target: string, { signal }: Cancellable): Promise<MoveResult[]> {
    const moves = ids.map((id) => updateCall(folder, id, { folder_id: target }));
    const [before, ...answers] = await this.client.all([flagsCall(folder, ids), ...moves], { signal });
    if (before === undefined || before instanceof OxError) throw before ?? gone();
    const versions = new Map(
      (before.data as (OxRow | null)[]).flatMap((row) => (row ? [[idOf(row[0]), writtenOf(row).version]] : [])),
    );
    return ids.map((id, index): MoveResult => {
      const answer = answers[index] as OxAnswer<Destination | null> | OxError;
      const version = versions.get(id);
      if (answer instanceof OxError) return { id, error: answer };
      if (version === undefined) return { id, error: gone() };
      if (!answer.data)
        return { id, error: new GroupwareError('BROKEN_ANSWER', 'OX moved a mail and does not tell where') };
      return { id, moved: { id: idOf(answer.data.id), version } };
    });
  }

  /** OX compares no versions of mails, so what is there is looked at first. */
  async #refuseOther(folder: string, id: string, version: string, options: Cancellable): Promise<void> {
    const { data } = await this.client.rows(flagsCall(folder, [id]), options);
    const [row] = data;
    if (!row) throw gone();
    if (writtenOf(row).version !== version) throw new GroupwareError('CONFLICT', 'the mail has other flags');
  }

  /** @returns ids that were not deleted */
  async #delete(
    folder: string,
    ids: readonly string[],
    hard: boolean,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const parameters = hard ? { harddelete: true } : {};
    const body = ids.map((id) => ({ folder, id }));
    const { data } = await this.client.call<unknown>(
      { module: 'mail', action: 'delete', parameters, body },
      { signal },
    );
    const left = Array.isArray(data) ? (data as unknown[]) : [];
    return new Set(
      left.map((one) => idOf(typeof one === 'object' && one !== null ? (one as { id: unknown }).id : one)),
    );
  }

  async #deleteSingly(
    folder: string,
    ids: readonly string[],
    mode: DeleteOptions['mode'],
    signal: AbortSignal,
  ): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const id of ids) results.push(...(await this.delete(folder, [id], { mode, signal })));
    return results;
  }
}

/** Setting and clearing are two calls: 6.x takes `flags` and `value` only. */
function updateCalls(folder: string, id: string, patch: ItemPatch<'Email'>): OxCall[] {
  const { set, clear } = encodeFlags(patch);
  const colour = patch.categories === undefined ? undefined : encodeColour(patch.categories);
  return [
    ...(set > 0 ? [updateCall(folder, id, { flags: set, value: true })] : []),
    ...(clear > 0 ? [updateCall(folder, id, { flags: clear, value: false })] : []),
    ...(colour !== undefined ? [updateCall(folder, id, { color_label: colour })] : []),
  ];
}

function updateCall(folder: string, id: string, body: Readonly<Record<string, unknown>>): OxCall {
  return { module: 'mail', action: 'update', parameters: { folder, id }, body };
}

function flagsCall(folder: string, ids: readonly string[]): OxCall {
  const body = ids.map((id) => ({ folder, id }));
  return { module: 'mail', action: 'list', parameters: { columns: '600,611,102' }, body, repeatable: true };
}

function writtenOf(row: OxRow): WrittenItem {
  const flags = Number(row[1]);
  if ((flags & mailFlag.deleted) !== 0) throw gone();
  return { id: idOf(row[0]), version: mailVersion(flags, Number(row[2] ?? 0)) };
}

function gone(): GroupwareError {
  return new GroupwareError('NOT_FOUND', 'the mail is gone');
}
