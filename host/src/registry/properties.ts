import type { PropertySource } from '@oxtender/bundle-api';

/** Keys that only the framework sets (rule S2). */
export type FrameworkProperties = Readonly<
  Record<'objectClass' | 'service.id' | 'service.bundleid' | 'service.scope', unknown>
>;

/** The properties of one service: copied in, copied out, keys case-insensitive with their case kept (rule S3). */
export class Properties implements PropertySource {
  /** In order of insertion; the same order as {@link Properties.keys}. */
  readonly #values = new Map<string, unknown>();
  readonly keys: readonly string[];

  /** @throws TypeError when two keys differ only by case */
  constructor(given: Readonly<Record<string, unknown>>, framework: FrameworkProperties) {
    const keys: string[] = [];
    for (const key in framework) {
      keys.push(key);
      this.#values.set(key.toLowerCase(), framework[key as keyof FrameworkProperties]);
    }
    for (const key of Object.keys(given)) {
      const lower = key.toLowerCase();
      if (frameworkKeys.has(lower)) continue;
      if (this.#values.has(lower)) throw new TypeError(`property "${key}" is given twice, in different case`);
      keys.push(key);
      this.#values.set(lower, copyOf(given[key]));
    }
    this.keys = keys;
  }

  /** The value itself, for filters: not to be handed out. @param name - in lower case */
  get(name: string): unknown {
    return this.#values.get(name);
  }

  /** A copy of the value. */
  read(key: string): unknown {
    return copyOf(this.#values.get(key.toLowerCase()));
  }

  /** All properties as a copy, with the keys as they were given. */
  toRecord(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    let index = 0;
    for (const value of this.#values.values()) {
      const key = this.keys[index++];
      if (key !== undefined) record[key] = copyOf(value);
    }
    return record;
  }

  /** `service.ranking`, 0 unless an integer (rule S4). */
  get ranking(): number {
    const ranking = this.#values.get('service.ranking');
    return Number.isSafeInteger(ranking) ? (ranking as number) : 0;
  }

  /** `service.pid`: none, one or several. */
  get pids(): readonly string[] {
    const pid = this.#values.get('service.pid');
    if (typeof pid === 'string') return [pid];
    return Array.isArray(pid) ? pid.filter((each): each is string => typeof each === 'string') : [];
  }
}

const frameworkKeys: ReadonlySet<string> = new Set(['objectclass', 'service.id', 'service.bundleid', 'service.scope']);

/** Copies arrays, dates, sets, maps and plain objects; an instance of a class stays itself (rule F7 compares it). */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Date) return new Date(value);
  if (value instanceof Set) return new Set([...(value as Set<unknown>)].map(copyOf));
  if (value instanceof Map) return new Map([...(value as Map<unknown, unknown>)].map(([k, v]) => [k, copyOf(v)]));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copyOf(v)]));
}
