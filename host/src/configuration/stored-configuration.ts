import type { Configuration, ConfigurationProperties, ConfigurationValue } from '@oxtender/bundle-api';
import { ConfigurationError, IllegalStateError } from '@oxtender/bundle-api';
import { isDeepStrictEqual } from 'node:util';
import { factoryPidOf } from './pid';
import { editProperties, type PropertiesDocument, rawValue, readProperties } from './properties-file';

/** What a configuration asks of the admin that keeps it. */
export interface ConfigurationKeeper {
  write(configuration: StoredConfiguration, text: string): Promise<void>;
  /** Tells everybody. */
  updated(configuration: StoredConfiguration): void;
  deleted(configuration: StoredConfiguration): Promise<void>;
  relocated(configuration: StoredConfiguration): void;
  assertWritable(configuration: StoredConfiguration): Promise<void>;
  /** @throws ConfigurationError INVALID when the schema refuses the text */
  assertValid(configuration: StoredConfiguration, text: string, given: Map<string, unknown>): void;
  /** Typed by the schema if there is one. */
  typed(configuration: StoredConfiguration): Readonly<Record<string, unknown>>;
}

/** One configuration: the text of its file, and the typed values that a program gave it since. */
export class StoredConfiguration implements Configuration {
  readonly factoryPid: string | undefined;
  #text: string | undefined;
  #document: PropertiesDocument = readProperties('');
  #given = new Map<string, unknown>();
  #changeCount = 0;
  #deleted = false;
  #location: string | undefined;
  #tail: Promise<void> = Promise.resolve();
  readonly #attributes = new Set<'READ_ONLY'>();

  constructor(
    readonly pid: string,
    private readonly keeper: ConfigurationKeeper,
    location: string | undefined,
  ) {
    this.factoryPid = factoryPidOf(pid);
    this.#location = location;
  }

  /** Undefined before the first update (rule G2). */
  get text(): string | undefined {
    return this.#text;
  }

  get document(): PropertiesDocument {
    return this.#document;
  }

  get given(): ReadonlyMap<string, unknown> {
    return this.#given;
  }

  get changeCount(): number {
    return this.#changeCount;
  }

  /** Takes a text over from its file. */
  load(text: string, given = new Map<string, unknown>()): void {
    this.#text = text;
    this.#document = readProperties(text);
    this.#given = given;
    this.#changeCount++;
  }

  markDeleted(): void {
    this.#deleted = true;
    this.#text = undefined;
  }

  getProperties(): Record<string, ConfigurationValue> | undefined {
    this.#assertThere();
    if (this.#text === undefined) return undefined;
    const typed = structuredClone(this.keeper.typed(this)) as Record<string, ConfigurationValue>;
    typed['service.pid'] = this.pid;
    if (this.factoryPid !== undefined) typed['service.factoryPid'] = this.factoryPid;
    return typed;
  }

  async update(properties: ConfigurationProperties): Promise<void> {
    return this.#inTurn(() => this.#update(properties));
  }

  /** Replaces the text by what an operator's edit gives. */
  async rewrite(edit: () => string): Promise<void> {
    return this.#inTurn(async () => {
      await this.keeper.assertWritable(this);
      await this.#write(edit(), new Map());
    });
  }

  /** Two changes at the same time are one after the other: none is lost. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#tail.then(change);
    this.#tail = changed.catch(() => undefined);
    return changed;
  }

  async #update(properties: ConfigurationProperties): Promise<void> {
    this.#assertThere();
    const given = checkedProperties(properties);
    await this.keeper.assertWritable(this);
    const changes = new Map<string, string | undefined>();
    for (const key of this.#document.entries.keys()) if (!given.has(key)) changes.set(key, undefined);
    const current = this.keeper.typed(this);
    for (const [key, value] of given) {
      // An untouched value keeps its placeholders and the way it is written; a default is not written (rule G14).
      if (!isDeepStrictEqual(current[key], value)) changes.set(key, rawValue(value));
    }
    await this.#write(editProperties(this.#text ?? '', changes), given);
  }

  async #write(text: string, given: Map<string, unknown>): Promise<void> {
    this.keeper.assertValid(this, text, given);
    await this.keeper.write(this, text);
    this.load(text, given);
    this.keeper.updated(this);
  }

  async updateIfDifferent(properties: ConfigurationProperties): Promise<boolean> {
    this.#assertThere();
    const given = Object.fromEntries(checkedProperties(properties));
    if (this.#text !== undefined && isDeepStrictEqual(given, { ...this.keeper.typed(this) })) return false;
    await this.update(properties);
    return true;
  }

  async delete(): Promise<void> {
    this.#assertThere();
    await this.keeper.assertWritable(this);
    this.markDeleted();
    await this.keeper.deleted(this);
  }

  getAttributes(): ReadonlySet<'READ_ONLY'> {
    this.#assertThere();
    return new Set(this.#attributes);
  }

  addAttributes(attribute: 'READ_ONLY'): void {
    this.#assertThere();
    this.#attributes.add(attribute);
  }

  removeAttributes(attribute: 'READ_ONLY'): void {
    this.#assertThere();
    this.#attributes.delete(attribute);
  }

  getBundleLocation(): string | undefined {
    this.#assertThere();
    return this.#location;
  }

  setBundleLocation(location: string | undefined): void {
    this.#assertThere();
    this.#location = location;
    this.keeper.relocated(this);
  }

  /** Binds a configuration that is bound to nobody to the first bundle that gets it (rule G7). */
  bindTo(location: string): boolean {
    this.#location ??= location;
    return this.#location === location || this.#location.startsWith('?');
  }

  #assertThere(): void {
    if (this.#deleted) throw new IllegalStateError(`configuration ${this.pid} is deleted`);
  }
}

const frameworkKeys = ['service.pid', 'service.factorypid', 'service.bundlelocation'];

/** A copy without the framework's own keys. @throws ConfigurationError INVALID; TypeError for a value of no known type */
function checkedProperties(properties: ConfigurationProperties): Map<string, unknown> {
  const checked = new Map<string, unknown>();
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(properties)) {
    const lower = key.toLowerCase();
    if (key === '' || /[\s\0]/.test(key)) throw new ConfigurationError('INVALID', `no key: ${JSON.stringify(key)}`);
    if (seen.has(lower)) throw new ConfigurationError('INVALID', `key ${key} is there twice, in different case`);
    seen.add(lower);
    if (frameworkKeys.includes(lower)) continue;
    if (!isValue(value)) throw new TypeError(`the value of ${key} is neither a scalar nor an array of one scalar type`);
    checked.set(key, Array.isArray(value) ? [...(value as unknown[])] : value);
  }
  return checked;
}

function isValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isScalar(item) && typeof item === typeof value[0]);
  return isScalar(value);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}
