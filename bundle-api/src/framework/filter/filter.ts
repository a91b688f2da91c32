import type { ServiceReference } from '../registry';
import { comparison, isVersionAttribute, substring, type ValueTest } from './compare';
import { type FilterNode, formatFilter } from './node';
import { parseFilter } from './parser';

/** Answers for a property name; a `Map` of properties is one. @public */
export interface PropertySource {
  /** The value; undefined when there is none. */
  get(name: string): unknown;
}

type Matcher = (source: PropertySource) => boolean;

/**
 * A parsed filter over properties. OSGi Core, "Filter"; reference section 7. Made by {@link createFilter}.
 *
 * @public
 */
export class Filter {
  readonly #text: string;
  readonly #match: Matcher;
  #matchCase: Matcher | undefined;

  constructor(
    /** What was parsed. */
    readonly node: FilterNode,
  ) {
    this.#text = formatFilter(node);
    this.#match = compile(node, (attribute) => attribute.toLowerCase());
  }

  /**
   * Attribute names compare case-insensitively (rule F3).
   *
   * @throws TypeError when two keys differ only by case (rule F9)
   */
  match(target: ServiceReference | Readonly<Record<string, unknown>>): boolean {
    return this.#match(isReference(target) ? fromReference(target) : lowerCaseKeys(target));
  }

  /** Attribute names compare exactly. */
  matchCase(properties: Readonly<Record<string, unknown>>): boolean {
    this.#matchCase ??= compile(this.node, (attribute) => attribute);
    return this.#matchCase({ get: (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined) });
  }

  /** As {@link Filter.match} over a source that is asked for lower-case names: what the registry uses. */
  matchSource(source: PropertySource): boolean {
    return this.#match(source);
  }

  /** Whether both have the same normal form (rule F8). */
  equals(other: Filter): boolean {
    return this.#text === other.#text;
  }

  /** Normalised; `createFilter(filter.toString())` equals this filter (rule F8). */
  toString(): string {
    return this.#text;
  }
}

/** Filters used lately, and those used before them; when there are too many, the older ones are forgotten (rule F8). */
const generationSize = 1000;
let young = new Map<string, Filter>();
let old = new Map<string, Filter>();

/**
 * Parses a filter, or takes it from the cache: equal texts share one.
 *
 * @throws InvalidSyntaxError with the position of the fault
 * @public
 */
export function createFilter(text: string): Filter {
  return young.get(text) ?? remember(text, old.get(text) ?? shared(new Filter(parseFilter(text))));
}

function remember(text: string, filter: Filter): Filter {
  if (young.size >= generationSize) {
    old = young;
    young = new Map();
  }
  young.set(text, filter);
  return filter;
}

/** Filters that differ only in optional blanks are one (rule F8). */
function shared(filter: Filter): Filter {
  const normal = filter.toString();
  return young.get(normal) ?? old.get(normal) ?? filter;
}

function compile(node: FilterNode, name: (attribute: string) => string): Matcher {
  switch (node.kind) {
    case 'and':
    case 'or':
      return composite(
        node.operands.map((operand) => compile(operand, name)),
        node.kind === 'or',
      );
    case 'not': {
      const operand = compile(node.operand, name);
      return (source) => !operand(source);
    }
    case 'present':
      return item(name(node.attribute), () => true);
    case 'substring':
      return item(name(node.attribute), substring(node.parts));
    default: {
      const test = comparison(node.kind, node.attribute, node.value);
      const plain = node.kind === 'equal' && !isVersionAttribute(node.attribute);
      return plain ? equality(name(node.attribute), node.value, test) : item(name(node.attribute), test);
    }
  }
}

/** `decisive`: the result of an operand that decides at once. */
function composite(operands: readonly Matcher[], decisive: boolean): Matcher {
  return (source) => {
    for (const operand of operands) if (operand(source) === decisive) return decisive;
    return !decisive;
  };
}

/** As `item`, quickly for what is asked most: strings. */
function equality(name: string, text: string, test: ValueTest): Matcher {
  return (source) => {
    const value = source.get(name);
    if (typeof value === 'string') return value === text;
    return value !== undefined && value !== null && test(value);
  };
}

/** Every item is false for a missing attribute (rule F5). */
function item(name: string, test: ValueTest): Matcher {
  return (source) => {
    const value = source.get(name);
    return value !== undefined && value !== null && test(value);
  };
}

function isReference(target: object): target is ServiceReference {
  return typeof (target as ServiceReference).getProperty === 'function' && 'getPropertyKeys' in target;
}

const fromReference = (reference: ServiceReference): PropertySource => ({
  get: (name) => reference.getProperty(name),
});

function lowerCaseKeys(properties: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const map = new Map<string, unknown>();
  for (const [key, value] of Object.entries(properties)) {
    const lower = key.toLowerCase();
    if (map.has(lower)) throw new TypeError(`property "${key}" is there twice, in different case`);
    map.set(lower, value);
  }
  return map;
}
