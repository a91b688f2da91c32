import { Filter } from './filter';
import type { Comparison, FilterNode } from './node';

/** A value that a filter can compare with. @public */
export type FilterValue = string | number | boolean | bigint | Date;

/** Builds an item of a filter on one attribute. See {@link where}. @public */
export interface AttributeCondition {
  /** `=`: equal, upper and lower case differ (rule F3). */
  eq(value: FilterValue): Condition;
  /** `~=`: equal but for case and blanks (rule F3). */
  approx(value: FilterValue): Condition;
  /** `<=`. */
  le(value: FilterValue): Condition;
  /** `>=`. */
  ge(value: FilterValue): Condition;
  /** `=*`: there is a value, whatever it is (rule F5). */
  present(): Condition;
  /** `=text*`, strings only (rule F6). */
  startsWith(text: string): Condition;
  /** `=*text`, strings only (rule F6). */
  endsWith(text: string): Condition;
  /** `=*text*`, strings only (rule F6). */
  contains(text: string): Condition;
}

/** A filter in the making: values need no escaping (rule F10). @public */
export class Condition {
  constructor(readonly node: FilterNode) {}

  /** `&`: this and all the others. */
  and(...others: readonly Condition[]): Condition {
    return new Condition({ kind: 'and', operands: [this, ...others].map((condition) => condition.node) });
  }

  /** `|`: this or one of the others. */
  or(...others: readonly Condition[]): Condition {
    return new Condition({ kind: 'or', operands: [this, ...others].map((condition) => condition.node) });
  }

  /** `!`: the opposite. */
  not(): Condition {
    return new Condition({ kind: 'not', operand: this.node });
  }

  /** The filter, ready to match. */
  toFilter(): Filter {
    return new Filter(this.node);
  }

  /** The filter's text, for all that takes one. */
  toString(): string {
    return this.toFilter().toString();
  }
}

/**
 * Begins a filter without string concatenation: `where('region').eq('eu').and(where('tenant').present())`.
 *
 * @throws TypeError when the attribute's name cannot stand in a filter
 * @public
 */
export function where(attribute: string): AttributeCondition {
  const name = attribute.trim();
  if (name === '' || /[()=<>~]/.test(name)) throw new TypeError(`"${attribute}" cannot be an attribute of a filter`);
  const compare = (kind: Comparison) => (value: FilterValue) =>
    new Condition({ kind, attribute: name, value: value instanceof Date ? value.toISOString() : String(value) });
  const parts = (...texts: readonly string[]) => new Condition({ kind: 'substring', attribute: name, parts: texts });
  const present = () => new Condition({ kind: 'present', attribute: name });
  return {
    eq: compare('equal'),
    approx: compare('approximate'),
    le: compare('lessOrEqual'),
    ge: compare('greaterOrEqual'),
    present,
    startsWith: (text) => (text === '' ? present() : parts(text, '')),
    endsWith: (text) => (text === '' ? present() : parts('', text)),
    contains: (text) => (text === '' ? present() : parts('', text, '')),
  };
}
