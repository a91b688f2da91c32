import type { MailCondition } from '@oxtender/bundle-api';
import { mailFlag } from '../../columns/mail';

/** A term of a search filter. OX HTTP API, "Advanced search". */
export type Term = readonly [operator: string, ...operands: unknown[]];

/** Fields of the filter that a text is looked for in. */
const fields = {
  text: ['subject', 'from', 'to', 'cc', 'content'],
  body: ['content'],
  subject: ['subject'],
  from: ['from'],
  to: ['to'],
  cc: ['cc'],
  bcc: ['bcc'],
} as const satisfies Partial<Record<keyof MailCondition, readonly string[]>>;

const date = { field: 'received_date' };
const everything: Term = ['>', date, '0'];
const nothing: Term = ['<', date, '0'];

/** The search filter of a condition. */
export function searchTerm(condition: MailCondition): Term {
  const terms = [...textTerms(condition), ...otherTerms(condition)];
  return joined('and', terms) ?? everything;
}

function textTerms(condition: MailCondition): Term[] {
  return (Object.keys(fields) as (keyof typeof fields)[]).flatMap((key) => {
    const value = condition[key];
    if (value === undefined) return [];
    const term = joined(
      'or',
      fields[key].map((field): Term => ['=', { field }, contains(value)]),
    );
    return term ? [term] : [];
  });
}

function otherTerms({ after, before, read, all = [], any, not }: MailCondition): Term[] {
  const terms: Term[] = [];
  if (after !== undefined) terms.push(['>', date, String(after - 1)]);
  if (before !== undefined) terms.push(['<', date, String(before)]);
  // A flag is asked for by its number, its absence by the negative of it.
  if (read !== undefined) terms.push(['=', { field: 'flags' }, String(read ? mailFlag.seen : -mailFlag.seen)]);
  terms.push(...all.map(searchTerm));
  if (any) terms.push(joined('or', any.map(searchTerm)) ?? nothing);
  if (not) terms.push(['not', searchTerm(not)]);
  return terms;
}

function joined(operator: 'and' | 'or', terms: readonly Term[]): Term | undefined {
  return terms.length > 1 ? [operator, ...terms] : terms[0];
}

/** What is a wildcard to the filter stands for one character of any kind: so it is found all the same. */
function contains(value: string): string {
  return `*${value.replace(/[*?]/g, '?')}*`;
}
