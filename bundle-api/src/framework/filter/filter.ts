import type { ServiceReference } from '../registry';
import { compile, type Matcher, never, overRows, overSource } from './matcher';
import { type FilterNode, formatFilter } from './node';
import { parseFilter } from './parser';

/** Answers for a property name; a `Map` of properties is one. @public */
export interface PropertySource {
  /** The value; undefined when there is none. */
  get(name: string): unknown;
}

/** Sets of properties that have the same names, each a row. @public */
export interface PropertyTable {
  /** Values of a property by row, always the same array; undefined when the rows do not have it. @param name - in lower case */
  column(name: string): readonly unknown[] | undefined;
}

/**
 * A parsed filter over properties. OSGi Core, "Filter"; reference section 7. Made by {@link createFilter}.
 *
 * @public
 */
export class Filter {
  readonly #text: string;
  readonly #match: Matcher<PropertySource>;
  #matchCase: Matcher<PropertySource> | undefined;
  readonly #rowMatchers = new WeakMap<PropertyTable, Matcher<number>>();

  constructor(
    /** What was parsed. */
    readonly node: FilterNode,
  ) {
    this.#text = formatFilter(node);
    this.#match = compile(
      node,
      overSource((attribute) => attribute.toLowerCase()),
    );
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
    this.#matchCase ??= compile(
      this.node,
      overSource((attribute) => attribute),
    );
    return this.#matchCase({ get: (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined) });
  }

  /** As {@link Filter.match} over a source that is asked for lower-case names: what the registry uses. */
  matchSource(source: PropertySource): boolean {
    return this.#match(source);
  }

  /**
   * As {@link Filter.match}, for many sets of properties that have the same names: what the registry searches with.
   *
   * @returns tells of a row whether it matches; undefined when no row of the table can
   */
  rowMatcher(table: PropertyTable): ((row: number) => boolean) | undefined {
    let matcher = this.#rowMatchers.get(table);
    if (!matcher) this.#rowMatchers.set(table, (matcher = compile(this.node, overRows(table))));
    return matcher === never ? undefined : matcher;
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
