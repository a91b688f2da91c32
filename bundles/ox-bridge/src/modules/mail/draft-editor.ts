import {
  type ByteStream,
  type Cancellable,
  type DeleteOptions,
  GroupwareError,
  type ItemPatch,
  type Mailbox,
  type Message,
  type MessageFlags,
  type ReadOptions,
  type ReadResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { attachmentCall } from './mail-reader';
import { type ComposedFile, compose, newFiles } from './message-composer';
import { once, withHeader, withMessageId } from './source-header';

/** Fields of a mail that are in its source, where only a draft's may change. */
const contentFields = [
  ...(['subject', 'from', 'to', 'cc', 'bcc', 'replyTo', 'importance', 'bodies'] as const),
  ...(['attachments', 'source'] as const),
] as const;

/** True when a patch is about more than flags. */
export function isContentPatch(patch: ItemPatch<'Email'>): boolean {
  return contentFields.some((field) => patch[field] !== undefined);
}

/** What the editor needs of the mails. */
interface Mails {
  read(folder: string, ids: readonly string[], options: ReadOptions & Cancellable): Promise<ReadResult<'Email'>[]>;
  store(
    folder: string,
    source: ByteStream,
    options: Cancellable & { flags?: Partial<MessageFlags>; draft?: boolean },
  ): Promise<WrittenItem>;
  delete(folder: string, ids: readonly string[], options: DeleteOptions): Promise<WriteResult[]>;
}

/** Writes drafts anew: a stored mail cannot change, so another takes its place. */
export class DraftEditor {
  constructor(
    private readonly client: OxClient,
    private readonly self: Mailbox,
    private readonly mails: Mails,
  ) {}

  /** @throws GroupwareError UNSUPPORTED for a mail that is no draft */
  async rewrite(folder: string, id: string, patch: ItemPatch<'Email'>, { signal }: Cancellable): Promise<WrittenItem> {
    const [found] = await this.mails.read(folder, [id], { signal, bodies: ['text', 'html'] });
    if (!found || found.error) throw found?.error ?? new GroupwareError('NOT_FOUND', 'the mail is gone');
    if (found.item.draft !== true) throw new GroupwareError('UNSUPPORTED', 'only the content of a draft can change');
    const merged = Object.fromEntries(
      Object.entries({ ...found.item, ...patch }).filter(([, value]) => (value as unknown) !== null),
    ) as Partial<Message>;
    const messageId = patch.messageId ?? found.item.messageId ?? `<${crypto.randomUUID()}@oxtender.invalid>`;
    const source = patch.source
      ? withHeader(once(patch.source), withMessageId(messageId))
      : compose(merged, this.self, messageId, this.#files(folder, id, { before: found.item, patch }, signal));
    const written = await this.mails.store(folder, source, { signal, draft: true, flags: merged });
    await this.mails.delete(folder, [id], { mode: 'permanent', signal });
    return written;
  }

  /** Those of the draft that stay, each read when its turn comes, and the new ones. */
  #files(
    folder: string,
    id: string,
    { before, patch }: { before: Message; patch: ItemPatch<'Email'> },
    signal: AbortSignal,
  ): ComposedFile[] {
    const { attachments: wanted = before.attachments } = patch;
    const kept = new Set((wanted ?? []).filter(({ content }) => content === undefined).map((one) => one.id));
    const files = (before.attachments ?? [])
      .filter((one) => kept.has(one.id))
      .map((file) => ({ ...file, content: this.#read(folder, id, file.id, signal) }));
    return [...files, ...newFiles(wanted)];
  }

  async *#read(folder: string, id: string, attachment: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    yield* (await this.client.download(attachmentCall(folder, id, attachment), { signal })).content;
  }
}
