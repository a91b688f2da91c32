import { comparison, isVersionAttribute, substring, type ValueTest } from './compare';
import type { PropertySource, PropertyTable } from './filter';
import type { FilterNode } from './node';

/** A filter, ready to run over properties in one form or another. */
export type Matcher<T> = (target: T) => boolean;

/** Nothing matches: what it is asked for is not there. */
export const never: Matcher<unknown> = () => false;
const always: Matcher<unknown> = () => true;

/** How a form of properties answers the items of a filter; all are false for a missing attribute (rule F5). */
interface Items<T> {
  item(attribute: string, test: ValueTest): Matcher<T>;
  /** As `item`, quickly for what is asked most: equal strings and numbers. */
  equality(attribute: string, text: string, test: ValueTest): Matcher<T>;
}

/** Makes a filter's matcher. */
export function compile<T>(node: FilterNode, items: Items<T>): Matcher<T> {
  switch (node.kind) {
    case 'and':
    case 'or':
      return composite(
        node.operands.map((operand) => compile(operand, items)),
        node.kind === 'or',
      );
    case 'not':
      return negation(compile(node.operand, items));
    case 'present':
      return items.item(node.attribute, () => true);
    case 'substring':
      return items.item(node.attribute, substring(node.parts));
    default: {
      const test = comparison(node.kind, node.attribute, node.value);
      const plain = node.kind === 'equal' && !isVersionAttribute(node.attribute);
      return plain ? items.equality(node.attribute, node.value, test) : items.item(node.attribute, test);
    }
  }
}

/** Properties that are asked by name. @param nameOf - what the source knows an attribute by */
export function overSource(nameOf: (attribute: string) => string): Items<PropertySource> {
  return {
    item(attribute, test) {
      const name = nameOf(attribute);
      return (source) => passes(source.get(name), test);
    },
    equality(attribute, text, test) {
      const name = nameOf(attribute);
      return (source) => {
        const value = source.get(name);
        return typeof value === 'string' ? value === text : passes(value, test);
      };
    },
  };
}

/** Rows of a table. */
export function overRows(table: PropertyTable): Items<number> {
  return {
    item(attribute, test) {
      const column = table.column(attribute.toLowerCase());
      return column ? (row) => passes(column[row], test) : never;
    },
    equality(attribute, text, test) {
      const column = table.column(attribute.toLowerCase());
      if (!column) return never;
      const number = text.trim() === '' ? Number.NaN : Number(text);
      return (row) => {
        const value = column[row];
        if (typeof value === 'string') return value === text;
        return typeof value === 'number' ? value === number : passes(value, test);
      };
    },
  };
}

function passes(value: unknown, test: ValueTest): boolean {
  return value !== undefined && value !== null && test(value);
}

/** @param decisive - the result of an operand that decides at once */
function composite<T>(operands: readonly Matcher<T>[], decisive: boolean): Matcher<T> {
  const [deciding, idle] = decisive ? [always, never] : [never, always];
  if (operands.includes(deciding)) return deciding;
  const left = operands.filter((operand) => operand !== idle);
  const [only = idle] = left;
  if (left.length <= 1) return only;
  return (target) => {
    for (const operand of left) if (operand(target) === decisive) return decisive;
    return !decisive;
  };
}

function negation<T>(operand: Matcher<T>): Matcher<T> {
  if (operand === never) return always;
  if (operand === always) return never;
  return (target) => !operand(target);
}
