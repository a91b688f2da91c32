/** Comparison of an attribute with a text. @public */
export type Comparison = 'equal' | 'approximate' | 'lessOrEqual' | 'greaterOrEqual';

/** The parsed form of a filter. Reference section 7. @public */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly operand: FilterNode }
  | { readonly kind: 'present'; readonly attribute: string }
  /** `parts` are the texts between the stars: `a*b` is `['a', 'b']`, `*a*` is `['', 'a', '']`. */
  | { readonly kind: 'substring'; readonly attribute: string; readonly parts: readonly string[] }
  | { readonly kind: Comparison; readonly attribute: string; readonly value: string };

const operators: Readonly<Record<Comparison, string>> = {
  equal: '=',
  approximate: '~=',
  lessOrEqual: '<=',
  greaterOrEqual: '>=',
};

/** Escapes a text so that it is taken literally in a filter's value. @public */
export function escapeFilterValue(text: string): string {
  return text.replace(/[\\()*]/g, '\\$&');
}

/** The normalised text: no optional blanks, as few escapes as possible (rule F8). */
export function formatFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'and':
      return `(&${node.operands.map(formatFilter).join('')})`;
    case 'or':
      return `(|${node.operands.map(formatFilter).join('')})`;
    case 'not':
      return `(!${formatFilter(node.operand)})`;
    case 'present':
      return `(${node.attribute}=*)`;
    case 'substring':
      return `(${node.attribute}=${node.parts.map(escapeFilterValue).join('*')})`;
    default:
      return `(${node.attribute}${operators[node.kind]}${escapeFilterValue(node.value)})`;
  }
}
