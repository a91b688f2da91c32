import type { SyncSession } from '@oxtender/bundle-api';
import { conversationId, threadTopic } from '../values/conversation';
import { type FoundMail, type MailFolder, searchMails } from './mail-search';

/** Mails that are looked at, newest first, for one of the conversation; and mails that one may have. */
const scanned = 2000;
const pageSize = 250;
const longest = 500;

/**
 * All mails of a conversation. The groupware knows no conversations: the first mail of it is looked for among the newest
 * ones, the others by the subject that they share.
 *
 * @returns newest first; nothing when no recent mail is of the conversation
 */
export async function findConversation(
  session: Pick<SyncSession, 'groupware'>,
  folders: readonly MailFolder[],
  wanted: Uint8Array,
  options: { readonly signal: AbortSignal },
): Promise<readonly FoundMail[]> {
  const isWanted = ({ message }: FoundMail): boolean => Buffer.compare(conversationId(message), wanted) === 0;
  const { signal } = options;
  for (let first = 0; first < scanned; first += pageSize) {
    const page = { first, limit: pageSize };
    const { mails, total } = await searchMails(session, folders, {}, { page, read: {}, signal });
    const seed = mails.find(isWanted);
    if (seed) {
      const subject = threadTopic(seed.message.subject ?? '');
      const all = { page: { first: 0, limit: longest }, read: {}, signal };
      return (await searchMails(session, folders, subject === '' ? {} : { subject }, all)).mails.filter(isWanted);
    }
    if (total <= first + pageSize) break;
  }
  return [];
}
