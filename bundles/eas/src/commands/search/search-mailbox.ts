import { type ItemOptions, itemContext, readOptions, withLargeSources, writeItem } from '../../classes';
import { findConversation } from '../../lookup/conversation-search';
import { type FoundItem, searchItems, searchedItemFolders } from '../../lookup/item-search';
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

/** How results are written. */
interface Looking {
  readonly itemOptions: ItemOptions;
  readonly now: number;
  readonly clock: CommandServices['clock'];
}

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
  const found = await findAll(query, folders, page, { itemOptions: itemOptions(options), now, clock }, call);
  const results: Element[] = [];
  for (const item of found.items) results.push(await resultOf(item, itemOptions(options), now, call));
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

/** Items of the page; mails before the others. */
async function findAll(
  query: MailboxQuery,
  folders: readonly MailFolder[],
  page: ResultPage,
  context: Looking,
  call: CommandCall,
): Promise<{ items: readonly FoundItem[]; total: number }> {
  const { classes, conversationId, condition } = query;
  const others = conversationId ? [] : await searchedItemFolders(call.session, query, call);
  const hasMail = classes.length === 0 || classes.some((name) => name.toLowerCase() === 'email');
  const mailFolders = hasMail ? folders : [];
  if (others.length === 0) {
    const { mails, total } = await findMails(query, mailFolders, page, context, call);
    return { items: mails.map(asItem), total };
  }
  const head = { first: 0, limit: page.first + page.limit };
  const { mails, total } = await findMails(query, mailFolders, head, context, call);
  const items = [...mails.map(asItem), ...(await searchItems(call.session, others, condition, call))];
  checkPage(page, items.length);
  return { items: items.slice(page.first, head.limit), total: total - mails.length + items.length };
}

function asItem({ folder, itemId, message }: FoundMail): FoundItem {
  return { folder, itemId, item: message };
}

async function findMails(
  query: MailboxQuery,
  folders: readonly MailFolder[],
  page: ResultPage,
  { itemOptions, now, clock }: Looking,
  call: CommandCall,
): Promise<{ mails: readonly FoundMail[]; total: number }> {
  const { condition, conversationId } = query;
  const [folder] = folders;
  if (!folder) return { mails: [], total: 0 };
  const read = readOptions('Email', itemContext(call, folder, itemOptions, now));
  const { session, signal } = call;
  if (!conversationId) return searchMails(session, folders, condition, { page, read, signal });
  const ofConversation = await findConversation(session, folders, conversationId, { clock, signal });
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
  { folder, itemId, item }: FoundItem,
  options: ItemOptions,
  now: number,
  call: CommandCall,
): Promise<Element> {
  const { session } = call;
  const serverId = await session.serverIdOf(folder.collectionId, itemId);
  const context = itemContext(call, folder, options, now);
  const whole = await withLargeSources([{ serverId, item }], context, call);
  return element(
    Page.Result,
    element(AirSync.Class, folder.itemClass),
    element(Page.LongId, await longIdOf(session, folder, itemId)),
    element(AirSync.CollectionId, folder.collectionId),
    element(Page.Properties, writeItem(folder.itemClass, item, whole, serverId)),
  );
}

function itemOptions({ mimeSupport = 0, bodyPreferences = [], bodyPartPreferences = [] }: SearchOptions): ItemOptions {
  return { mimeSupport, bodyPreferences, bodyPartPreferences };
}
