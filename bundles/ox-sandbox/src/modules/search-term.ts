import { oxError } from '../envelope/ox-error';
import { type WordExpression, allWords, anyWords } from '../store/message-words';
import { wildcards } from './like';

/** A condition in SQL with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Text without which the condition does not hold: an expression for a full-text index. */
  readonly words?: WordExpression | undefined;
}

/** What a module's filters may name. */
export interface SearchFields {
  /** SQL of a field, undefined when the module does not know it. */
  columnOf(field: string): string | undefined;
  /** Where a text is looked for in the field: the words that an index must have for it to match. */
  wordsOf?(field: string, pattern: string): WordExpression | undefined;
  /** A comparison that is no comparison of values. */
  conditionOf?(field: string, comparison: string, value: unknown): Condition | undefined;
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
 * @throws OxError SVL-0009, SVL-0010
 */
export function searchTerm(term: unknown, fields: SearchFields, depth = 0): Condition {
  if (!Array.isArray(term) || depth > maxDepth) throw oxError('SVL-0009', 'a search term is expected');
  const [name, ...operands] = term as unknown[];
  const operator = String(name).toLowerCase();
  if (operator === 'and' || operator === 'or') {
    const parts = operands.map((operand) => searchTerm(operand, fields, depth + 1));
    if (parts.length === 0) throw oxError('SVL-0009', `"${operator}" needs operands`);
    return {
      sql: `(${parts.map(({ sql }) => sql).join(` ${operator.toUpperCase()} `)})`,
      parameters: parts.flatMap(({ parameters }) => parameters),
      words: (operator === 'and' ? allWords : anyWords)(parts.map(({ words }) => words)),
    };
  }
  if (operator === 'not') {
    const { sql, parameters } = searchTerm(operands[0], fields, depth + 1);
    return { sql: `NOT coalesce(${sql}, 0)`, parameters };
  }
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (comparison === undefined) throw oxError('SVL-0010', operator);
  return compare(comparison, operands, fields);
}

function compare(comparison: string, [left, right]: unknown[], fields: SearchFields): Condition {
  const sides = [left, right].map((operand) => ({ operand, field: fieldOf(operand) }));
  const field = sides.find((side) => side.field !== undefined)?.field;
  const value = sides.find((side) => side.field === undefined)?.operand;
  const own = field === undefined ? undefined : fields.conditionOf?.(field, comparison, value);
  if (own) return own;
  if (left === undefined || right === undefined) throw oxError('SVL-0009', 'a comparison has two operands');
  const columns = sides.map((side) => (side.field === undefined ? '?' : columnOf(side.field, fields)));
  if (typeof value === 'string' && (comparison === '=' || comparison === '<>')) {
    const column = columns.find((one) => one !== '?') ?? '?';
    return {
      sql: `${column} ${comparison === '=' ? 'LIKE' : 'NOT LIKE'} ? ESCAPE '\\'`,
      parameters: [wildcards(value)],
      words: field !== undefined && comparison === '=' ? fields.wordsOf?.(field, value) : undefined,
    };
  }
  const values = sides.flatMap((side) => (side.field === undefined ? [side.operand] : []));
  const numeric = typeof value === 'string' && value !== '' && Number.isFinite(Number(value));
  return { sql: columns.join(` ${comparison} `), parameters: numeric ? [Number(value)] : values };
}

function columnOf(field: string, fields: SearchFields): string {
  const column = fields.columnOf(field);
  if (column === undefined) throw oxError('SVL-0010', field);
  return column;
}

function fieldOf(operand: unknown): string | undefined {
  if (typeof operand !== 'object' || operand === null) return undefined;
  const field = 'field' in operand ? operand.field : 'attachment' in operand ? operand.attachment : undefined;
  return typeof field === 'string' ? field : undefined;
}
