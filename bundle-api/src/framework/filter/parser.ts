import { InvalidSyntaxError } from '../../errors';
import type { Comparison, FilterNode } from './node';

/** Composites may nest this deep (rule F8). */
const maximumDepth = 64;

const attributeEnd = /[()=<>~]/g;
const hexPair = /^[0-9a-fA-F]{2}$/;

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': 'equal',
  '~': 'approximate',
  '<': 'lessOrEqual',
  '>': 'greaterOrEqual',
};

/**
 * Parses an LDAP filter, RFC 1960/4515 as OSGi Core "Filter Syntax" narrows it (rules F1, F2).
 *
 * @throws InvalidSyntaxError with the position of the fault
 */
export function parseFilter(text: string): FilterNode {
  const parser = new Parser(text);
  return parser.parse();
}

class Parser {
  #at = 0;

  constructor(private readonly text: string) {}

  parse(): FilterNode {
    const node = this.#filter(1);
    if (this.#at < this.text.length) this.#fail('text after the end of the filter');
    return node;
  }

  #filter(depth: number): FilterNode {
    if (depth > maximumDepth) this.#fail(`more than ${maximumDepth} levels`);
    this.#skipBlanks();
    this.#expect('(');
    this.#skipBlanks();
    const node = this.#composite(depth) ?? this.#item();
    this.#expect(')');
    this.#skipBlanks();
    return node;
  }

  /** `&`, `|` and `!` are operators only before a parenthesis: `(&=c)` compares an attribute named `&`. */
  #composite(depth: number): FilterNode | undefined {
    const start = this.#at;
    const operator = this.text[start];
    if (operator !== '&' && operator !== '|' && operator !== '!') return undefined;
    this.#at++;
    this.#skipBlanks();
    if (this.text[this.#at] !== '(') {
      this.#at = start;
      return undefined;
    }
    if (operator === '!') return { kind: 'not', operand: this.#filter(depth + 1) };
    const operands: FilterNode[] = [];
    while (this.text[this.#at] === '(') operands.push(this.#filter(depth + 1));
    return { kind: operator === '&' ? 'and' : 'or', operands };
  }

  #item(): FilterNode {
    const attribute = this.#attribute();
    const kind = this.#operator();
    const parts = this.#value();
    const [value = ''] = parts;
    if (parts.length === 1) return { kind, attribute, value };
    if (kind !== 'equal') this.#fail('"*" needs the operator "="');
    return parts.every((part) => part === '')
      ? { kind: 'present', attribute }
      : { kind: 'substring', attribute, parts: withoutDoubleStars(parts) };
  }

  #attribute(): string {
    attributeEnd.lastIndex = this.#at;
    const end = attributeEnd.exec(this.text)?.index ?? this.text.length;
    const attribute = this.text.slice(this.#at, end).trim();
    if (attribute === '') this.#fail('attribute missing');
    this.#at = end;
    return attribute;
  }

  #operator(): Comparison {
    const first = this.text[this.#at] ?? '';
    const kind = comparisons[first];
    if (!kind) this.#fail('operator missing');
    this.#at++;
    if (first !== '=') this.#expect('=');
    return kind;
  }

  /** The texts between unescaped stars. Blanks are significant (rule F2). */
  #value(): string[] {
    const parts: string[] = [];
    let part = '';
    for (;;) {
      const char = this.text[this.#at];
      if (char === undefined) this.#fail('")" missing');
      if (char === '(') this.#fail('"(" must be escaped');
      if (char === ')') break;
      if (char === '\\') part += this.#escaped();
      else {
        this.#at++;
        if (char === '*') {
          parts.push(part);
          part = '';
        } else part += char;
      }
    }
    parts.push(part);
    return parts;
  }

  /** Pairs of hexadecimal digits are bytes of UTF-8 (RFC 4515); before any other character "\\" quotes it. */
  #escaped(): string {
    const bytes: number[] = [];
    while (this.text[this.#at] === '\\' && hexPair.test(this.text.slice(this.#at + 1, this.#at + 3))) {
      bytes.push(Number.parseInt(this.text.slice(this.#at + 1, this.#at + 3), 16));
      this.#at += 3;
    }
    if (bytes.length > 0) return Buffer.from(bytes).toString('utf8');
    const char = this.text[this.#at + 1];
    if (char === undefined) this.#fail('text ends after "\\"');
    this.#at += 2;
    return char;
  }

  #skipBlanks(): void {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at++;
  }

  #expect(char: string): void {
    if (this.text[this.#at] !== char) this.#fail(`"${char}" expected`);
    this.#at++;
  }

  #fail(message: string): never {
    throw new InvalidSyntaxError(`${message} in filter "${this.text}"`, this.#at);
  }
}

function withoutDoubleStars(parts: readonly string[]): string[] {
  return parts.filter((part, index) => part !== '' || index === 0 || index === parts.length - 1);
}
