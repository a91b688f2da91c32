import { SemVer } from 'semver';
import type { Comparison } from './node';

/** Decides one item of a filter for one value of an attribute. */
export type ValueTest = (value: unknown) => boolean;

type Order = (kind: Comparison, order: number) => boolean;

/** Equality, approximate equality and order from the sign of a comparison. */
const holds: Order = (kind, order) => {
  if (kind === 'lessOrEqual') return order <= 0;
  if (kind === 'greaterOrEqual') return order >= 0;
  return order === 0;
};

/** Compares strings, numbers, booleans, bigints, dates, versions and comparable objects (rules F4 to F7). */
export function comparison(kind: Comparison, attribute: string, text: string): ValueTest {
  const test = scalarComparison(kind, text);
  const typed = isVersionAttribute(attribute) ? versionComparison(kind, text, test) : test;
  return anyElement(typed);
}

/** True when any element of a collection passes (rule F5); a plain value is its own only element. */
function anyElement(test: ValueTest): ValueTest {
  return (value) => {
    if (Array.isArray(value)) return value.some(test);
    if (value instanceof Set) return [...(value as Set<unknown>)].some(test);
    return test(value);
  };
}

/** Substrings of strings and of string elements only (rule F6). */
export function substring(parts: readonly string[]): ValueTest {
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  const middle = parts.slice(1, -1);
  return anyElement((value) => {
    if (typeof value !== 'string' || value.length < first.length + last.length) return false;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const part of middle) {
      const found = value.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return from <= value.length - last.length;
  });
}

function scalarComparison(kind: Comparison, text: string): ValueTest {
  const trimmed = text.trim();
  const number = trimmed === '' ? Number.NaN : Number(trimmed);
  const approximate = kind === 'approximate' ? squeeze(text) : '';
  return (value) => {
    switch (typeof value) {
      case 'string':
        if (kind === 'equal') return value === text;
        if (kind === 'approximate') return squeeze(value) === approximate;
        return kind === 'lessOrEqual' ? value <= text : value >= text;
      case 'number':
        return !Number.isNaN(number) && holds(kind, value - number);
      case 'boolean':
        return (kind === 'equal' || kind === 'approximate') && String(value) === trimmed.toLowerCase();
      case 'bigint':
        return /^[+-]?\d+$/.test(trimmed) && holds(kind, signOf(value - BigInt(trimmed)));
      case 'object':
        return value !== null && objectComparison(kind, value, text);
      default:
        return false;
    }
  };
}

const signOf = (difference: bigint): number => (difference < 0n ? -1 : difference > 0n ? 1 : 0);

/** Ignores case and all white space (rule F3). */
const squeeze = (text: string): string => text.replace(/\s+/g, '').toLowerCase();

/** `version` and `….version` hold versions. */
export const isVersionAttribute = (attribute: string): boolean => /(^|[.-])version$/i.test(attribute);

/** Attributes named `version` or `….version` compare by semantic version where both sides are one (rule F4). */
function versionComparison(kind: Comparison, text: string, otherwise: ValueTest): ValueTest {
  const wanted = parseVersion(text.trim());
  if (!wanted) return otherwise;
  return (value) => {
    const version = typeof value === 'string' ? parseVersion(value) : undefined;
    return version ? holds(kind, version.compare(wanted)) : otherwise(value);
  };
}

/** `1` and `1.2` are short for `1.0.0` and `1.2.0`. */
function parseVersion(text: string): SemVer | undefined {
  const full = /^\d+$/.test(text) ? `${text}.0.0` : /^\d+\.\d+$/.test(text) ? `${text}.0` : text;
  try {
    return new SemVer(full);
  } catch {
    return undefined; // not a version: compared as a string
  }
}

interface Comparable {
  equals?(other: unknown): boolean;
  compareTo?(other: unknown): number;
  readonly constructor: { fromFilter?(text: string): unknown; readonly length: number } & (new (
    text: string,
  ) => unknown);
}

/** Dates, and objects whose class reads itself from a text (rule F7). Whatever such a class throws: no match. */
function objectComparison(kind: Comparison, value: object, text: string): boolean {
  if (value instanceof Date) {
    const other = Date.parse(text.trim());
    return !Number.isNaN(other) && holds(kind, value.getTime() - other);
  }
  const comparable = value as Comparable;
  if (typeof comparable.equals !== 'function' && typeof comparable.compareTo !== 'function') return false;
  try {
    const other = readOther(comparable.constructor, text);
    if (other === undefined) return false;
    const equality = kind === 'equal' || kind === 'approximate';
    if (equality && comparable.equals) return comparable.equals(other);
    return comparable.compareTo ? holds(kind, comparable.compareTo(other)) : false;
  } catch {
    return false; // the text is none that this class understands
  }
}

function readOther(type: Comparable['constructor'], text: string): unknown {
  if (typeof type.fromFilter === 'function') return type.fromFilter(text);
  return type.length === 1 && (type as unknown) !== Object ? new type(text) : undefined;
}
