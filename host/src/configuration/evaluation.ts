import { expand, PlaceholderError, type PlaceholderScope } from './placeholders';
import { type PropertiesEntry, splitRaw } from './properties-file';
import type { ConfigurationSchema } from './schema';

/** What is wrong with a value, and where it stands. */
export interface ConfigurationFault {
  readonly key: string;
  /** Of the file, from 1; undefined for a key that is not there. */
  readonly line: number | undefined;
  readonly reason: string;
}

export interface Evaluation {
  /** Typed, with defaults; undefined when there are faults: nothing invalid is ever delivered (rule G16). */
  readonly properties: Readonly<Record<string, unknown>> | undefined;
  readonly faults: readonly ConfigurationFault[];
  /** Keys that the schema does not know: delivered as strings all the same. */
  readonly unknown: readonly string[];
}

export interface EvaluationInput {
  readonly entries: ReadonlyMap<string, PropertiesEntry>;
  /** Values that were given by a program, with their types: they win over the entry of the same key. */
  readonly given: ReadonlyMap<string, unknown>;
  /** Values for this run, by key: they win over all. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly schema: ConfigurationSchema | undefined;
  readonly scope: Omit<PlaceholderScope, 'key'> & { property(name: string): string | undefined };
}

/** What decoding puts in the place of bytes that are not UTF-8. */
const undecodable = '\uFFFD';

/** Expands placeholders, coerces to the schema's types, fills in defaults, checks. */
export function evaluate(input: EvaluationInput): Evaluation {
  const { entries, overrides, schema, given } = input;
  const values = Object.create(null) as Record<string, unknown>;
  const faults: ConfigurationFault[] = [];
  const unknown: string[] = [];
  const scope: PlaceholderScope = {
    ...input.scope,
    key: (name) => overrides.get(name) ?? entries.get(name)?.value ?? input.scope.property(name),
  };
  const set = (written: string, raw: string, value: string): void => {
    const key = schema?.spell(written) ?? written;
    if (schema && schema.spell(written) === undefined) unknown.push(written);
    try {
      values[key] = schema?.isArray(key) ? splitRaw(raw).map((item) => expand(item, scope)) : expand(value, scope);
    } catch (error) {
      if (!(error instanceof PlaceholderError)) throw error;
      faults.push({ key, line: entries.get(written)?.line, reason: error.message });
    }
  };
  for (const { key, raw, value, line } of entries.values()) {
    if (`${key}${raw}`.includes(undecodable)) faults.push({ key, line, reason: 'is not written in UTF-8' });
    if (given.has(key)) values[schema?.spell(key) ?? key] = given.get(key);
    else set(key, raw, value);
  }
  for (const [key, value] of overrides) set(key, value, value);
  for (const { key, reason } of schema?.apply(values) ?? []) {
    if (!faults.some((fault) => fault.key === key)) faults.push({ key, line: lineOf(entries, key), reason });
  }
  return { properties: faults.length > 0 ? undefined : Object.freeze({ ...values }), faults, unknown };
}

function lineOf(entries: ReadonlyMap<string, PropertiesEntry>, key: string): number | undefined {
  for (const entry of entries.values()) if (entry.key.toLowerCase() === key.toLowerCase()) return entry.line;
  return undefined;
}
