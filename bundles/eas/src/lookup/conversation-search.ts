import type { Cancellable, Clock, SyncSession } from '@oxtender/bundle-api';
import { conversationId, threadTopic } from '../values/conversation';
import { type FoundMail, type MailFolder, searchMails } from './mail-search';

/** Mails that are looked at in one go, at first and at most; and mails that a conversation may have. */
const firstPage = 250;
const largestPage = 4000;
const longest = 500;

/** Work on the search for a first mail: milliseconds. Devices give up soon after. */
const budget = 15_000;

/**
 * All mails of a conversation. The groupware knows no conversations: a mail of it is looked for, the newest first and as
 * far back as the time allows, and the others by the subject that they share.
 *
 * @returns newest first; nothing when no mail was found in time
 */
export async function findConversation(
  session: Pick<SyncSession, 'groupware'>,
  folders: readonly MailFolder[],
  wanted: Uint8Array,
  { clock, signal }: Cancellable & { readonly clock: Pick<Clock, 'now'> },
): Promise<readonly FoundMail[]> {
  const isWanted = ({ message }: FoundMail): boolean => Buffer.compare(conversationId(message), wanted) === 0;
  const deadline = clock.now() + budget;
  for (let first = 0, limit = firstPage; ; first += limit, limit = Math.min(2 * limit, largestPage)) {
    const page = { first, limit };
    const { mails, total } = await searchMails(session, folders, {}, { page, read: {}, signal });
    const seed = mails.find(isWanted);
    if (seed) {
      const subject = threadTopic(seed.message.subject ?? '');
      const all = { page: { first: 0, limit: longest }, read: {}, signal };
      return (await searchMails(session, folders, subject === '' ? {} : { subject }, all)).mails.filter(isWanted);
    }
    if (total <= first + limit || clock.now() >= deadline) return [];
  }
}
