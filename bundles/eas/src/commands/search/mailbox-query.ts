import type { Instant, MailCondition } from '@oxtender/bundle-api';
import { SearchError } from '../../lookup/search-error';
import { parseDateTime } from '../../values/date-time';
import { type QueryContext, parseKeywordQuery } from '../../values/keyword-query';
import { AirSync, Email, type Element, Search as Page } from '../../wbxml';

/** What a Query for the mailbox says. */
export interface MailboxQuery {
  /** None: all. */
  readonly collectionIds: readonly string[];
  /** None: mails. */
  readonly classes: readonly string[];
  readonly conversationId?: Uint8Array;
  readonly condition: MailCondition;
}

/** Longest Value and FreeText, in bytes. [MS-ASCMD] "Value (Search)". */
const maxText = 1024;
const maxDepth = 8;

/** Where in a query we are: the classes and folders of a query hold for all of it, so they stand outside of any Or. */
interface Reading extends QueryContext {
  readonly classes: string[];
  readonly collectionIds: string[];
  readonly conversationIds: Uint8Array[];
}

/**
 * Reads the Query of a mailbox: And and Or of FreeText, DateReceived, ConversationId, Class and CollectionId.
 * [MS-ASCMD] "Query (Search)".
 *
 * @throws SearchError INVALID_QUERY, TOO_COMPLEX
 */
export function mailboxQuery(query: Element, context: QueryContext): MailboxQuery {
  const reading: Reading = { ...context, classes: [], collectionIds: [], conversationIds: [] };
  const parts = query.children.map((part) => conditionOf(part, reading, 0));
  // devices of old send words alone
  if (query.text !== '') parts.push(freeText(query.text, reading));
  const { classes, collectionIds, conversationIds } = reading;
  const isEmpty =
    parts.length === 0 || query.children.every(({ children, text }) => children.length === 0 && text === '');
  if (isEmpty && query.text === '') throw new SearchError('INVALID_QUERY', 'nothing to look for');
  if (conversationIds.length > 1) throw new SearchError('TOO_COMPLEX', 'more than one conversation');
  const [conversationId] = conversationIds;
  return { collectionIds, classes, ...(conversationId && { conversationId }), condition: allOf(parts) };
}

function conditionOf(part: Element, reading: Reading, depth: number): MailCondition {
  if (depth > maxDepth) throw new SearchError('TOO_COMPLEX', 'too many terms inside of one another');
  switch (part.tag) {
    case Page.And:
      return allOf(part.children.map((child) => conditionOf(child, reading, depth + 1)));
    case Page.Or:
      return { any: part.children.map((child) => alternative(child, reading, depth + 1)) };
    case Page.FreeText:
      return freeText(part.text, reading);
    case Page.GreaterThan:
      return { after: dateReceived(part) + 1 };
    case Page.LessThan:
      return { before: dateReceived(part) };
    case AirSync.Class:
      reading.classes.push(part.text);
      return {};
    case AirSync.CollectionId:
      reading.collectionIds.push(part.text);
      return {};
    case Page.ConversationId:
      reading.conversationIds.push(bytesOf(part));
      return {};
    case Page.EqualTo:
      throw new SearchError('TOO_COMPLEX', 'EqualTo is for document libraries');
    default:
      throw new SearchError('INVALID_QUERY', `${part.tag.name} is no part of a query`);
  }
}

function alternative(part: Element, reading: Reading, depth: number): MailCondition {
  const scopes: readonly Element['tag'][] = [AirSync.Class, AirSync.CollectionId, Page.ConversationId];
  if (scopes.includes(part.tag)) throw new SearchError('TOO_COMPLEX', `${part.tag.name} in Or`);
  return conditionOf(part, reading, depth);
}

function freeText(text: string, context: QueryContext): MailCondition {
  if (Buffer.byteLength(text) > maxText) throw new SearchError('INVALID_QUERY', 'FreeText is too long');
  const condition = parseKeywordQuery(text, context);
  if (!condition) throw new SearchError('TOO_COMPLEX', 'too many words');
  return condition;
}

/** GreaterThan and LessThan compare DateReceived and nothing else. */
function dateReceived(comparison: Element): Instant {
  const value = comparison.child(Page.Value)?.text ?? '';
  const instant = parseDateTime(value);
  if (!comparison.child(Email.DateReceived) || instant === undefined)
    throw new SearchError('INVALID_QUERY', 'a comparison of DateReceived with a date is expected');
  return instant;
}

function bytesOf({ content, text }: Element): Uint8Array {
  return content instanceof Uint8Array ? content : Buffer.from(text, 'base64');
}

function allOf(parts: readonly MailCondition[]): MailCondition {
  const said = parts.filter((part) => Object.keys(part).length > 0);
  const [only] = said;
  return said.length > 1 ? { all: said } : (only ?? {});
}
