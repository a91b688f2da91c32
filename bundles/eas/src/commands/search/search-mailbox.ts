import { type ItemOptions, itemContext, readOptions, writeItem } from '../../classes';
import { findConversation } from '../../lookup/conversation-search';
import { type FoundMail, type MailFolder, searchMails, searchedFolders } from '../../lookup/mail-search';
import { type ResultPage, checkPage, resultPage } from '../../lookup/result-page';
import { SearchError } from '../../lookup/search-error';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { longIdOf } from '../../values/long-id';
import { AirSync, type Element, Search as Page, element } from '../../wbxml';
import { type MailboxQuery, mailboxQuery } from './mailbox-query';
import type { SearchOptions } from './request';
import type { StoreResults } from './store-results';

/** Results of the mailbox in one answer. [MS-ASCMD] "Range (Search)". */
const largestPage = 100;

/** The store `Mailbox`. @throws SearchError */
export async function searchMailbox(
  asked: Element,
  options: SearchOptions,
  call: CommandCall,
  { clock }: CommandServices,
): Promise<StoreResults> {
  if (!isAtLeast(call.version, '12.0')) throw new SearchError('INVALID_QUERY', 'mail is searched from 12.0 on');
  const now = clock.now();
  const query = mailboxQuery(asked, { now, timeZone: call.session.user.timeZone });
  checkOptions(query, options, call);
  const page = resultPage(options.range, largestPage);
  const deep = options.deepTraversal ?? false;
  const folders = await searchedFolders(call.session, { ...query, deep }, call);
  const found = await findMails(query, folders, page, { itemOptions: itemOptions(options), now }, call);
  const results: Element[] = [];
  for (const mail of found.mails) results.push(await resultOf(mail, itemOptions(options), now, call));
  // Exchange tells of nothing with a result that is empty
  return { first: page.first, total: found.total, results, ifNone: [element(Page.Result)] };
}

/** Version 14.0 brought conversations. Of a body's new part only a search for a conversation may ask. */
function checkOptions(
  query: MailboxQuery,
  { bodyPartPreferences = [] }: SearchOptions,
  { version }: CommandCall,
): void {
  const hasConversation = query.conversationId !== undefined;
  if (hasConversation && !isAtLeast(version, '14.0'))
    throw new SearchError('INVALID_QUERY', 'conversations are of 14.0 and later');
  if (bodyPartPreferences.length > 0 && !hasConversation)
    throw new SearchError('INVALID_QUERY', 'BodyPartPreference without a conversation');
}

async function findMails(
  query: MailboxQuery,
  folders: readonly MailFolder[],
  page: ResultPage,
  { itemOptions, now }: { itemOptions: ItemOptions; now: number },
  call: CommandCall,
): Promise<{ mails: readonly FoundMail[]; total: number }> {
  const { classes, condition, conversationId } = query;
  const [folder] = folders;
  if (!folder || (classes.length > 0 && !classes.some((name) => name.toLowerCase() === 'email')))
    return { mails: [], total: 0 };
  const read = readOptions('Email', itemContext(call, folder, itemOptions, now));
  const { session, signal } = call;
  if (!conversationId) return searchMails(session, folders, condition, { page, read, signal });
  const ofConversation = await findConversation(session, folders, conversationId, call);
  const mails = ofConversation.slice(page.first, page.first + page.limit);
  checkPage(page, ofConversation.length);
  return { mails: await withBodies(mails, read, call), total: ofConversation.length };
}

/** The mails with what the device wants of their texts. */
async function withBodies(
  mails: readonly FoundMail[],
  read: ReturnType<typeof readOptions>,
  { session, signal }: CommandCall,
): Promise<FoundMail[]> {
  const whole: FoundMail[] = [];
  for (const mail of mails) {
    const [result] = await session.groupware.read(mail.folder, [mail.itemId], { ...read, signal });
    if (result && !result.error) whole.push({ ...mail, message: result.item });
  }
  return whole;
}

async function resultOf(
  { folder, itemId, message }: FoundMail,
  options: ItemOptions,
  now: number,
  call: CommandCall,
): Promise<Element> {
  const { session } = call;
  const serverId = await session.serverIdOf(folder.collectionId, itemId);
  return element(
    Page.Result,
    element(AirSync.Class, 'Email'),
    element(Page.LongId, await longIdOf(session, folder, itemId)),
    element(AirSync.CollectionId, folder.collectionId),
    element(Page.Properties, writeItem('Email', message, itemContext(call, folder, options, now), serverId)),
  );
}

function itemOptions({ mimeSupport = 0, bodyPreferences = [], bodyPartPreferences = [] }: SearchOptions): ItemOptions {
  return { mimeSupport, bodyPreferences, bodyPartPreferences };
}
