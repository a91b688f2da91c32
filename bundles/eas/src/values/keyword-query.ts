import type { Instant, MailCondition, TimeZoneId } from '@oxtender/bundle-api';
import { DateTime } from 'luxon';

/** Words and operators of one query. */
const maxTokens = 100;

/** Whose days are meant. */
export interface QueryContext {
  readonly now: Instant;
  readonly timeZone: TimeZoneId;
}

/** `property:value`, `property>=value`, `"some words"`, `word`, each perhaps with a minus; or a bracket. */
const tokenPattern = /\s*(?:([()])|(-)?(?:([A-Za-z]+)(:|>=|<=|<>|>|<|=))?(?:"([^"]*)(?:"|$)|([^\s()"]+)|(?<=[:=<>])))/y;

interface Token {
  readonly bracket?: '(' | ')';
  readonly operator?: 'AND' | 'OR' | 'NOT';
  readonly condition?: MailCondition;
  readonly negative?: boolean;
}

/**
 * Reads what a user types into a search: words that all must be there, `"words next to each other"`, `from:anna`,
 * `received>=2026-11-01`, `AND`, `OR`, `NOT`, brackets. What is no property is taken as words. [MS-KQL] "Syntax".
 *
 * @returns a condition without parts when there is nothing to look for; undefined when the query is too complex
 */
export function parseKeywordQuery(text: string, context: QueryContext): MailCondition | undefined {
  const tokens = tokenize(text, context);
  return tokens.length > maxTokens ? undefined : new QueryParser(tokens).parse();
}

/** OR binds less than AND, which may be left out; NOT most. What does not fit is passed over, as users type anything. */
class QueryParser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): MailCondition {
    const parts: MailCondition[] = [];
    while (this.#at < this.tokens.length) {
      parts.push(...this.#alternatives());
      // a bracket that was never opened
      if (this.tokens[this.#at]?.bracket === ')') this.#at++;
    }
    return allOf(parts);
  }

  #alternatives(): MailCondition[] {
    const any: MailCondition[] = [];
    do {
      const all = this.#sequence();
      if (all.length > 0) any.push(allOf(all));
    } while (this.#take('OR'));
    return any.length > 1 ? [{ any }] : any;
  }

  #sequence(): MailCondition[] {
    const all: MailCondition[] = [];
    for (let token = this.tokens[this.#at]; token; token = this.tokens[this.#at]) {
      if (token.bracket === ')' || token.operator === 'OR') break;
      if (!this.#take('AND')) all.push(...this.#unary());
    }
    return all;
  }

  #unary(): MailCondition[] {
    if (this.#take('NOT')) return this.tokens[this.#at]?.bracket === ')' ? [] : negated(this.#unary());
    const token = this.tokens[this.#at++];
    if (token?.bracket === '(') {
      const inside = this.#alternatives();
      if (this.tokens[this.#at]?.bracket === ')') this.#at++;
      return inside;
    }
    if (!token?.condition) return [];
    return token.negative === true ? negated([token.condition]) : [token.condition];
  }

  #take(operator: Token['operator']): boolean {
    if (this.tokens[this.#at]?.operator !== operator) return false;
    this.#at++;
    return true;
  }
}

function tokenize(text: string, context: QueryContext): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  while (pattern.lastIndex < text.length && tokens.length <= maxTokens) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match || pattern.lastIndex === at) break;
    const [, bracket, minus, property, comparison, phrase, word] = match;
    if (bracket !== undefined) tokens.push({ bracket: bracket as '(' | ')' });
    else if (property === undefined && minus === undefined && (word === 'AND' || word === 'OR' || word === 'NOT'))
      tokens.push({ operator: word });
    else {
      const value = (phrase ?? word ?? '').replace(/\*+$/, '').trim();
      const known = property && comparison ? propertyCondition(property, comparison, value, context) : undefined;
      const words = known ?? wordsOf(`${property ?? ''}${comparison ?? ''}${value}`);
      if (words) tokens.push({ condition: words, negative: minus !== undefined });
    }
  }
  return tokens;
}

function wordsOf(text: string): MailCondition | undefined {
  return text === '' ? undefined : { text };
}

/** Properties of mails and what they look at. [MS-KQL]; names as Exchange has them. */
const textProperties: Readonly<Record<string, (value: string) => MailCondition>> = {
  from: (from) => ({ from }),
  sender: (from) => ({ from }),
  to: (to) => ({ to }),
  cc: (cc) => ({ cc }),
  bcc: (bcc) => ({ bcc }),
  subject: (subject) => ({ subject }),
  body: (body) => ({ body }),
  participants: (who) => ({ any: [{ from: who }, { to: who }, { cc: who }, { bcc: who }] }),
  recipients: (who) => ({ any: [{ to: who }, { cc: who }, { bcc: who }] }),
};

const flagProperties = new Map<string, 'read' | 'hasAttachment'>([
  ['isread', 'read'],
  ['read', 'read'],
  ['hasattachment', 'hasAttachment'],
  ['hasattachments', 'hasAttachment'],
]);

const flagValues: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

function propertyCondition(
  name: string,
  comparison: string,
  value: string,
  context: QueryContext,
): MailCondition | undefined {
  const property = name.toLowerCase();
  if (property === 'received' || property === 'sent') return dateCondition(comparison, value, context);
  if (comparison !== ':' && comparison !== '=' && comparison !== '<>') return undefined;
  const condition = equalTo(property, value);
  return condition && comparison === '<>' ? { not: condition } : condition;
}

function equalTo(property: string, value: string): MailCondition | undefined {
  const flag = flagProperties.get(property);
  if (flag) {
    const wanted = flagValues[value.toLowerCase()];
    return wanted === undefined ? undefined : { [flag]: wanted };
  }
  // mails are all that is searched
  if (property === 'kind') return /^e?mail$/i.test(value) ? {} : undefined;
  if (value === '' || !Object.hasOwn(textProperties, property)) return undefined;
  return textProperties[property]?.(value);
}

function dateCondition(comparison: string, value: string, context: QueryContext): MailCondition | undefined {
  const [first = '', last] = value.split('..');
  const from = dayOf(first, context);
  if (!from) return undefined;
  const to = last === undefined ? from : dayOf(last, context);
  if (!to) return undefined;
  const [start, end] = [from.toMillis(), to.plus({ days: 1 }).toMillis()];
  switch (comparison) {
    case '>':
      return { after: end };
    case '>=':
      return { after: start };
    case '<':
      return { before: start };
    case '<=':
      return { before: end };
    case '<>':
      return { any: [{ before: start }, { after: end }] };
    default:
      return { after: start, before: end };
  }
}

/** The beginning of a day where the user is: `2026-11-01`, `11/1/2026`, `today`, `yesterday`. */
function dayOf(text: string, { now, timeZone }: QueryContext): DateTime | undefined {
  const zone = { zone: timeZone };
  const today = DateTime.fromMillis(now, zone).startOf('day');
  const word = text.toLowerCase();
  if (word === 'today') return today;
  if (word === 'yesterday') return today.minus({ days: 1 });
  const dates = [DateTime.fromISO(text, zone), DateTime.fromFormat(text, 'M/d/yyyy', zone)];
  return dates.find((date) => date.isValid)?.startOf('day');
}

function allOf(parts: readonly MailCondition[]): MailCondition {
  const [only] = parts;
  return parts.length > 1 ? { all: parts } : (only ?? {});
}

function negated(parts: readonly MailCondition[]): MailCondition[] {
  return parts.length === 0 ? [] : [{ not: allOf(parts) }];
}
