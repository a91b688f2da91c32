import { oxError } from '../envelope/ox-error';
import { wildcards } from './like';

/** A condition in SQL with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const comparisons: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
};

/** Terms inside terms. */
const maxDepth = 20;

/**
 * Reads a search filter: `["and", ["=", {"field": "subject"}, "x"], ["not", [...]]]`. OX HTTP API, "Advanced search".
 *
 * @param columnOf - SQL of a field, undefined when the module does not know it
 * @throws OxError SVL-0009, SVL-0010
 */
export function searchTerm(term: unknown, columnOf: (field: string) => string | undefined, depth = 0): Condition {
  if (!Array.isArray(term) || depth > maxDepth) throw oxError('SVL-0009', 'a search term is expected');
  const [name, ...operands] = term as unknown[];
  const operator = String(name).toLowerCase();
  if (operator === 'and' || operator === 'or') {
    const parts = operands.map((operand) => searchTerm(operand, columnOf, depth + 1));
    if (parts.length === 0) throw oxError('SVL-0009', `"${operator}" needs operands`);
    return {
      sql: `(${parts.map(({ sql }) => sql).join(` ${operator.toUpperCase()} `)})`,
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  }
  if (operator === 'not') {
    const { sql, parameters } = searchTerm(operands[0], columnOf, depth + 1);
    return { sql: `NOT coalesce(${sql}, 0)`, parameters };
  }
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (comparison === undefined) throw oxError('SVL-0010', operator);
  return compare(comparison, operands, columnOf);
}

function compare(comparison: string, operands: unknown[], columnOf: (field: string) => string | undefined): Condition {
  const parameters: unknown[] = [];
  const sides = operands.slice(0, 2).map((operand) => {
    const field = fieldOf(operand);
    if (field !== undefined) {
      const column = columnOf(field);
      if (column === undefined) throw oxError('SVL-0010', field);
      return { sql: column, field: true };
    }
    parameters.push(operand);
    return { sql: '?', field: false };
  });
  const [left, right] = sides;
  if (!left || !right) throw oxError('SVL-0009', 'a comparison has two operands');
  const [value] = parameters;
  if (typeof value === 'string' && (comparison === '=' || comparison === '<>')) {
    const column = left.field ? left.sql : right.sql;
    return {
      sql: `${column} ${comparison === '=' ? 'LIKE' : 'NOT LIKE'} ? ESCAPE '\\'`,
      parameters: [wildcards(value)],
    };
  }
  const numeric = typeof value === 'string' && value !== '' && Number.isFinite(Number(value));
  return { sql: `${left.sql} ${comparison} ${right.sql}`, parameters: numeric ? [Number(value)] : parameters };
}

function fieldOf(operand: unknown): string | undefined {
  if (typeof operand !== 'object' || operand === null) return undefined;
  const field = 'field' in operand ? operand.field : 'attachment' in operand ? operand.attachment : undefined;
  return typeof field === 'string' ? field : undefined;
}
