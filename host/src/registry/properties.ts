import type { PropertySource } from '@oxtender/bundle-api';
import { PropertyLayout } from './property-layout';

/** What only the framework sets (rule S2). */
export interface FrameworkProperties {
  readonly objectClass: readonly string[];
  readonly id: number;
  readonly bundleId: number;
  readonly scope: string;
}

const frameworkKeys = ['objectClass', 'service.id', 'service.bundleid', 'service.scope'] as const;
const ownKeys: ReadonlySet<string> = new Set(frameworkKeys.map((key) => key.toLowerCase()));
const frameworkLayout = frameworkKeys.reduce((layout, key) => layout.with(key) ?? layout, PropertyLayout.empty);

/** The properties of one service: copied in, copied out, keys case-insensitive with their case kept (rule S3). */
export class Properties implements PropertySource {
  /** Its keys; services with the same keys share it. */
  readonly layout: PropertyLayout;
  /** In the order of the keys. The values themselves, for filters: not to be handed out. */
  readonly values: readonly unknown[];

  /** @throws TypeError when two keys differ only by case */
  constructor(given: Readonly<Record<string, unknown>>, { objectClass, id, bundleId, scope }: FrameworkProperties) {
    const keys = Object.keys(given);
    // Made in its full length: an array that grows reserves room for as much again.
    const values = new Array<unknown>(frameworkKeys.length + keys.length);
    [values[0], values[1], values[2], values[3]] = [objectClass, id, bundleId, scope];
    let layout = frameworkLayout;
    for (const key of keys) {
      const next = layout.with(key);
      if (next) {
        values[layout.keys.length] = copyOf(given[key]);
        layout = next;
      } else if (!ownKeys.has(key.toLowerCase())) {
        throw new TypeError(`property "${key}" is given twice, in different case`);
      }
    }
    this.layout = layout;
    this.values = values;
  }

  get keys(): readonly string[] {
    return this.layout.keys;
  }

  /** The value itself, for filters: not to be handed out. @param name - in lower case */
  get(name: string): unknown {
    const place = this.layout.places.get(name);
    return place === undefined ? undefined : this.values[place];
  }

  /** A copy of the value. */
  read(key: string): unknown {
    return copyOf(this.get(key.toLowerCase()));
  }

  /** All properties as a copy, with the keys as they were given. */
  toRecord(): Record<string, unknown> {
    return Object.fromEntries(this.layout.keys.map((key, place) => [key, copyOf(this.values[place])]));
  }

  /** `service.ranking`, 0 unless an integer (rule S4). */
  get ranking(): number {
    const ranking = this.get('service.ranking');
    return Number.isSafeInteger(ranking) ? (ranking as number) : 0;
  }

  /** `service.pid`: none, one or several. */
  get pids(): readonly string[] {
    const pid = this.get('service.pid');
    if (pid === undefined) return none;
    if (typeof pid === 'string') return [pid];
    return Array.isArray(pid) ? pid.filter((each): each is string => typeof each === 'string') : none;
  }
}

const none: readonly string[] = [];

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
