import { parse, parseLines, stringify } from 'dot-properties';

/** One `key = value` of a file. */
export interface PropertiesEntry {
  readonly key: string;
  readonly value: string;
  /** As it is written, escapes and all: a comma in an array is `\,`. */
  readonly raw: string;
  /** From 1. */
  readonly line: number;
}

export interface PropertiesDocument {
  /** Of a key that is there twice the last one. */
  readonly entries: ReadonlyMap<string, PropertiesEntry>;
  readonly duplicates: readonly { readonly key: string; readonly line: number }[];
}

interface Pair {
  readonly type: 'PAIR';
  readonly key: string;
  readonly value: string;
  readonly range: readonly [keyStart: number, keyEnd: number, valueStart: number, valueEnd: number];
}

/** Reads a file in the grammar of `java.util.Properties`, UTF-8 (rule G12). */
export function readProperties(text: string): PropertiesDocument {
  const entries = new Map<string, PropertiesEntry>();
  const duplicates: { key: string; line: number }[] = [];
  let line = 1;
  let position = 0;
  for (const { key, value, range } of pairsOf(text)) {
    for (; position < range[0]; position++) if (text[position] === '\n') line++;
    if (entries.has(key)) duplicates.push({ key, line });
    entries.set(key, { key, value, raw: text.slice(range[2], range[3]), line });
  }
  return { entries, duplicates };
}

/**
 * Changes a text with as few changes as possible: comments, order, blank lines and other values stay (rule G14).
 *
 * @param changes - raw values as {@link rawValue} makes them; undefined takes the key away
 */
export function editProperties(text: string, changes: ReadonlyMap<string, string | undefined>): string {
  const pairs = pairsOf(text);
  const last = new Map(pairs.map((pair) => [pair.key, pair]));
  let edited = text;
  for (const pair of pairs.toReversed()) {
    if (!changes.has(pair.key)) continue;
    const raw = changes.get(pair.key);
    const [keyStart, keyEnd, valueStart, valueEnd] = pair.range;
    if (raw === undefined || last.get(pair.key) !== pair) edited = withoutLine(edited, keyStart, valueEnd);
    else edited = `${edited.slice(0, keyEnd)}${text.slice(keyEnd, valueStart) || ' = '}${raw}${edited.slice(valueEnd)}`;
  }
  const added = [...changes].filter(([key, raw]) => raw !== undefined && !last.has(key));
  if (added.length > 0 && edited !== '' && !edited.endsWith('\n')) edited += '\n';
  return edited + added.map(([key, raw]) => `${rawKey(key)} = ${raw ?? ''}\n`).join('');
}

/** A value as it is written: an array with commas, a comma inside an item escaped. */
export function rawValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => escaped(String(item)).replaceAll(',', '\\,')).join(', ');
  return escaped(String(value));
}

/** Splits a raw array at its commas and takes the escapes away. */
export function splitRaw(raw: string): string[] {
  if (raw.trim() === '') return [];
  const unescapedComma = /(?<=(?<!\\)(?:\\\\)*),/;
  return raw.split(unescapedComma).map((item) => unescaped(item.trim()));
}

function unescaped(raw: string): string {
  return (parse(`k=${raw}`) as { k: string }).k;
}

function pairsOf(text: string): Pair[] {
  return parseLines(text, true).filter((node) => node.type === 'PAIR') as unknown as Pair[];
}

function withoutLine(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  return text.slice(0, lineStart) + (lineEnd < 0 ? '' : text.slice(lineEnd + 1));
}

const plain = { lineWidth: null, latin1: false, keySep: '=' };

function escaped(value: string): string {
  return stringify([['k', value]], plain).slice(2);
}

function rawKey(key: string): string {
  return stringify([[key, '']], plain).slice(0, -1);
}
