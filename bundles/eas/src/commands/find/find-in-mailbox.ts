import type { Mailbox, Message } from '@oxtender/bundle-api';
import { type FoundMail, searchMails, searchedFolders } from '../../lookup/mail-search';
import type { ResultPage } from '../../lookup/result-page';
import { SearchError } from '../../lookup/search-error';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { formatDateTime } from '../../values/date-time';
import { preview } from '../../values/html';
import { parseKeywordQuery } from '../../values/keyword-query';
import { formatMailboxes } from '../../values/mailbox-text';
import { AirSync, Email, Email2, type Element, Find as Page, element } from '../../wbxml';
import type { MailboxCriterion } from './request';
import type { FindResults } from './results';

/** Characters of a Preview, and bytes of a text that hold them. [MS-ASCMD] "Preview (Find)". */
const previewLength = 255;
const previewSource = 4096;

/** [MS-ASEMAIL] "Importance". */
const importances = { low: 0, normal: 1, high: 2 } as const;

/** MailBoxSearchCriterion. @throws SearchError */
export async function findInMailbox(
  { query, options }: MailboxCriterion,
  page: ResultPage,
  call: CommandCall,
  { clock }: CommandServices,
): Promise<FindResults> {
  const { classes, collectionIds, freeText = '' } = query;
  if (freeText.trim() === '') throw new SearchError('INVALID_QUERY', 'nothing to look for');
  const condition = parseKeywordQuery(freeText, { now: clock.now(), timeZone: call.session.user.timeZone });
  if (!condition) throw new SearchError('TOO_COMPLEX', 'too many words');
  const deep = options?.deepTraversal ?? false;
  const folders = await searchedFolders(call.session, { collectionIds, deep }, call);
  const hasMail = classes.length === 0 || classes.some((name) => name.toLowerCase() === 'email');
  const read = { bodies: ['text', 'html'], maxBodySize: previewSource } as const;
  const searched = hasMail ? folders : [];
  const { mails, total } = await searchMails(call.session, searched, condition, { page, read, signal: call.signal });
  return { total, results: await Promise.all(mails.map((mail) => resultOf(mail, call))) };
}

async function resultOf({ folder, itemId, message }: FoundMail, { session }: CommandCall): Promise<Element> {
  return element(
    Page.Result,
    element(AirSync.Class, 'Email'),
    element(AirSync.ServerId, await session.serverIdOf(folder.collectionId, itemId)),
    element(AirSync.CollectionId, folder.collectionId),
    element(Page.Properties, properties(message)),
  );
}

/** [MS-ASCMD] "Properties (Find)". */
function properties(message: Message): (Element | undefined)[] {
  const { subject, receivedAt, sentAt, importance = 'normal', read, draft, bodies = [], attachments = [] } = message;
  const date = receivedAt ?? sentAt;
  const [body] = bodies;
  return [
    text(Email.Subject, subject),
    date === undefined ? undefined : element(Email.DateReceived, formatDateTime(date)),
    text(Email.DisplayTo, names(message.to)),
    text(Page.DisplayCc, names(message.cc)),
    text(Page.DisplayBcc, names(message.bcc)),
    element(Email.Importance, importances[importance]),
    element(Email.Read, read ? 1 : 0),
    element(Email2.IsDraft, draft === true ? 1 : 0),
    text(Page.Preview, body && preview(body, previewLength)),
    element(Page.HasAttachments, attachments.some(({ inline }) => inline !== true) ? 1 : 0),
    text(Email.From, formatMailboxes(message.from ?? [])),
  ];
}

function text(tag: Element['tag'], value: string | undefined): Element | undefined {
  return value === undefined || value === '' ? undefined : element(tag, value);
}

function names(mailboxes: readonly Mailbox[] = []): string {
  return mailboxes.map(({ name, address }) => name ?? address).join('; ');
}
