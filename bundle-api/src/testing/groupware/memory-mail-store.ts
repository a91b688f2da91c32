import type { Message } from '../../model/message';
import { GroupwareError } from '../../services/groupware/groupware-error';
import type { GroupwareSession } from '../../services/groupware/groupware-session';
import type { MailCondition, MailQuery, MailStore } from '../../services/groupware/mail';
import type { StoredItem } from './memory-folder';
import type { MemoryCalls } from './memory-calls';
import { parseSource, withoutHeader } from './message-source';

/** {@link MailStore} of one user. Sending delivers to the other users of the same groupware. */
export function memoryMailStore(calls: MemoryCalls): MailStore {
  const { store, login } = calls;

  const send = async (source: Uint8Array, saveInSent: boolean): ReturnType<MailStore['send']> => {
    const { message } = await parseSource(source);
    const recipients = [...(message.to ?? []), ...(message.cc ?? []), ...(message.bcc ?? [])];
    if (recipients.length === 0) throw new GroupwareError('INVALID', 'no recipients');
    const delivered = withoutHeader(source, 'Bcc');
    for (const { address } of recipients) {
      const receiver = calls.loginOf(address);
      if (receiver !== undefined)
        await store.putMail(store.folderByRole(receiver, 'inbox'), receiver, { source: delivered });
    }
    if (!saveInSent) return undefined;
    const sent = store.folderByRole(login, 'sent');
    const { id } = await store.putMail(sent, login, { source: delivered, read: true });
    return { folderId: sent.folder.id, id };
  };

  return {
    readSource: (folder, id, { signal }) =>
      calls.run('readSource', { signal, folderId: folder.id }, () => {
        const stored = store.item(store.folder(login, folder.id), id);
        return chunks(stored.source ?? new Uint8Array());
      }),
    createFromSource: (folder, source, { signal, flags, draft }) =>
      calls.run('createFromSource', { signal, folderId: folder.id }, async () => {
        const mail = { source: await collect(source), ...flags, ...(draft && { draft }) };
        const stored = await store.putMail(store.folder(login, folder.id), login, mail);
        return { id: stored.id, version: String(stored.changedAt) };
      }),
    send: (source, { signal, saveInSent }) =>
      calls.run('send', { signal }, async () => send(await collect(source), saveInSent)),
    search: (query, { signal, offset, limit }) =>
      calls.run('search', { signal }, () => {
        const hits = store
          .visibleFolders(login)
          .filter(({ folder }) => folder.itemClass === 'Email' && inFolders(folder.id, query))
          .flatMap(({ folder, items }) => [...items.values()].map((stored) => ({ folderId: folder.id, stored })))
          .filter(({ stored }) => matches(stored, query))
          .sort((a, b) => received(b.stored) - received(a.stored))
          .map(({ folderId, stored }) => ({ folderId, id: stored.id }));
        return { hits: hits.slice(offset, offset + limit), total: hits.length };
      }),
  };
}

/** All bytes of a stream. */
export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/** Bytes as a stream of small pieces, so that nobody relies on getting all at once. */
export async function* chunks(
  bytes: Uint8Array,
): Awaited<ReturnType<NonNullable<GroupwareSession['mail']>['readSource']>> {
  const size = 16_384;
  for (let offset = 0; offset < bytes.length; offset += size)
    yield await Promise.resolve(bytes.subarray(offset, offset + size));
}

function received(stored: StoredItem): number {
  return (stored.item as Message).receivedAt ?? 0;
}

function inFolders(id: string, { folderIds, deep }: MailQuery): boolean {
  return !folderIds || folderIds.some((one) => one === id || (deep === true && id.startsWith(`${one}/`)));
}

function matches(stored: StoredItem, condition: MailCondition): boolean {
  const mail = stored.item as Message;
  const texts: Readonly<Record<(typeof textKeys)[number], string>> = {
    text: [mail.subject, ...people(mail.from), ...people(mail.to), ...people(mail.cc), ...bodies(mail)].join('\n'),
    body: bodies(mail).join('\n'),
    subject: mail.subject ?? '',
    from: people(mail.from).join('\n'),
    to: people(mail.to).join('\n'),
    cc: people(mail.cc).join('\n'),
    bcc: people(mail.bcc).join('\n'),
  };
  const { after = 0, before = Infinity, read, hasAttachment, all = [], any, not } = condition;
  return (
    textKeys.every((key) => texts[key].toLowerCase().includes(condition[key]?.toLowerCase() ?? '')) &&
    received(stored) >= after &&
    received(stored) < before &&
    (read === undefined || mail.read === read) &&
    (hasAttachment === undefined || (mail.attachments ?? []).length > 0 === hasAttachment) &&
    all.every((one) => matches(stored, one)) &&
    (any?.some((one) => matches(stored, one)) ?? true) &&
    !(not && matches(stored, not))
  );
}

const textKeys = ['text', 'body', 'subject', 'from', 'to', 'cc', 'bcc'] as const;

function people(list: Message['from']): string[] {
  return (list ?? []).map(({ name = '', address }) => `${name} ${address}`);
}

function bodies(mail: Message): string[] {
  return (mail.bodies ?? []).map(({ content }) => content);
}
