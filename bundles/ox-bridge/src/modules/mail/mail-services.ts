import {
  type ByteStream,
  type FolderRef,
  GroupwareError,
  type MailHits,
  type MailStore,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { sentAllTheSame } from '../../http/error-codes';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';
import { idOf } from '../objects';
import { sourceCall } from './mail-reader';
import type { MailSearch } from './mail-search';
import type { MailItems } from './mail-store';
import { takingSpace } from './mailbox-quota';
import { fromOneOf, withHeader } from './source-header';

/** {@link MailStore} of a user. */
export class OxMailStore implements MailStore {
  constructor(
    private readonly client: OxClient,
    private readonly mails: MailItems,
    private readonly finder: MailSearch,
    /** The user's addresses, the one to send from first. */
    private readonly addresses: readonly string[],
  ) {}

  async readSource(
    folder: FolderRef,
    id: string,
    options: Parameters<MailStore['readSource']>[2],
  ): Promise<ByteStream> {
    return (await this.client.download(sourceCall(folder.id, id), options)).content;
  }

  createFromSource(
    folder: FolderRef,
    source: ByteStream,
    options: Parameters<MailStore['createFromSource']>[2],
  ): Promise<WrittenItem> {
    return this.mails.store(folder.id, source, options);
  }

  /** Never repeated, whatever happens: a mail sent twice is worse than an error. */
  async send(
    source: ByteStream,
    { signal, saveInSent }: Parameters<MailStore['send']>[1],
  ): ReturnType<MailStore['send']> {
    const [address] = this.addresses;
    if (address === undefined) throw new GroupwareError('PERMISSION', 'the user has no address to send from');
    await this.client.account.ensureAlive(this.client, signal);
    const message = withHeader(source, fromOneOf(this.addresses, address));
    const copy = await takingSpace(this.client, signal, () => this.#transport(message, signal));
    if (!copy) return undefined;
    if (saveInSent) return copy;
    return (await this.#isDeleted(copy, signal)) ? undefined : copy;
  }

  search(query: Parameters<MailStore['search']>[0], options: Parameters<MailStore['search']>[1]): Promise<MailHits> {
    return this.finder.search(query, options);
  }

  /** Never fails: the mail is out, and whoever hears of an error sends it again. */
  async #isDeleted({ folderId, id }: { folderId: string; id: string }, signal: AbortSignal): Promise<boolean> {
    try {
      const [result] = await this.mails.delete(folderId, [id], { mode: 'permanent', signal });
      return result?.error === undefined;
    } catch (error) {
      if (error instanceof GroupwareError || signal.aborted) return false;
      throw error;
    }
  }

  /** @returns the copy in the folder for sent mails */
  async #transport(message: ByteStream, signal: AbortSignal): Promise<{ folderId: string; id: string } | undefined> {
    try {
      const call = { module: 'mail', action: 'new' };
      const { data } = await this.client.put<{ folder_id?: string; id?: unknown } | null>(call, 'text/plain', message, {
        signal,
      });
      if (data?.folder_id === undefined || data.id === undefined) return undefined;
      return { folderId: data.folder_id, id: idOf(data.id) };
    } catch (error) {
      if (error instanceof OxError && sentAllTheSame.has(error.oxCode)) return undefined;
      throw error;
    }
  }
}
