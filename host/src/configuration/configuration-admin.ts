import type { Bundle, Configuration, ConfigurationAdmin, ConfigurationEvent, Logger } from '@oxtender/bundle-api';
import { ConfigurationError, createFilter } from '@oxtender/bundle-api';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationReading } from '../components/configuration-source';
import type { ConfigurationTexts } from './configuration-files';
import { type ConfigurationFault, evaluate, type Evaluation, type EvaluationInput } from './evaluation';
import { basePid, checkPid, factoryPidOf, targetedPids } from './pid';
import type { PropertiesEntry } from './properties-file';
import type { ConfigurationSchema } from './schema';
import { changesBetween } from './values';
import { StoredConfiguration } from './stored-configuration';

/** A configuration that is not delivered, since it is wrong (rule G16). */
export interface RejectedConfiguration {
  readonly pid: string;
  readonly file: string;
  readonly faults: readonly ConfigurationFault[];
}

export interface ConfigurationAdminOptions {
  readonly texts: ConfigurationTexts;
  readonly scope: EvaluationInput['scope'];
  /** Values for this run, by key or `pid.key`: what `--set` gives. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly log: Logger;
  schemaOf(pid: string): ConfigurationSchema | undefined;
}

/** @param changedKeys - of values that were delivered before */
type ChangeListener = (event: ConfigurationEvent, changedKeys: readonly string[]) => void;

/** The configurations of the host. OSGi Compendium, "Configuration Admin"; rules G1 to G4, G8, G11 to G16. */
export class HostConfigurationAdmin implements ConfigurationAdmin {
  readonly #configurations = new Map<string, StoredConfiguration>();
  readonly #lastGood = new Map<string, Readonly<Record<string, unknown>>>();
  /** What a PID was at first, where that lasts until the host restarts. */
  readonly #first = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #rejected = new Map<string, RejectedConfiguration>();
  /** PIDs whose files are being written or removed, each as often as it is. */
  readonly #underWay: string[] = [];
  readonly #listeners = new Set<ChangeListener>();
  readonly #rejectionListeners = new Set<(rejected: RejectedConfiguration) => void>();

  constructor(private readonly options: ConfigurationAdminOptions) {
    for (const [pid, text] of options.texts.read()) this.#make(pid, '?').load(text);
  }

  onChange(listener: ChangeListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Told of each text that is refused. */
  onRejected(listener: (rejected: RejectedConfiguration) => void): Disposable {
    this.#rejectionListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#rejectionListeners.delete(listener) };
  }

  getConfiguration(pid: string, location?: string): Configuration {
    checkPid(pid);
    return this.#configurations.get(pid) ?? this.#make(pid, location);
  }

  getFactoryConfiguration(factoryPid: string, name: string, location?: string): Configuration {
    return this.getConfiguration(`${factoryPid}~${name}`, location);
  }

  listConfigurations(filter?: string): Configuration[] {
    const matches = filter === undefined ? undefined : createFilter(filter);
    return this.#existing().filter((each) => !matches || matches.match(each.getProperties() ?? {}));
  }

  get rejected(): readonly RejectedConfiguration[] {
    return [...this.#rejected.values()];
  }

  /** Those of these PIDs, factory configurations among them. */
  rejectedOf(pids: readonly string[]): readonly RejectedConfiguration[] {
    return this.rejected.filter(({ pid }) => pids.includes(factoryPidOf(pid) ?? basePid(pid)));
  }

  /** As one bundle sees it: of targeted PIDs the most specific, and the last good values while the new ones are wrong. */
  read(bundle: Bundle, pid: string): ConfigurationReading {
    const configuration = targetedPids(pid, bundle)
      .map((each) => this.#configurations.get(each))
      .find((each) => each?.text !== undefined);
    const schema = this.#schemaOf(pid);
    const common = { secrets: schema?.secrets ?? [], gentle: schema?.keysRestarting('none') ?? [] };
    if (configuration && !configuration.bindTo(bundle.location)) {
      const { properties } = this.#evaluate(pid, undefined);
      return { ...common, properties, exists: false, reason: `${pid} is bound to another bundle` };
    }
    return { ...common, ...this.#goodValues(pid, configuration), exists: configuration !== undefined };
  }

  factoryPids(bundle: Bundle, factoryPid: string): string[] {
    const own = this.#existing().filter((each) => each.factoryPid === factoryPid && each.pid === basePid(each.pid));
    return own.filter((each) => each.bindTo(bundle.location)).map(({ pid }) => pid);
  }

  /** What a text would be, for those who want to know before they write it. */
  check(pid: string, text: string, given = new Map<string, unknown>()): Evaluation {
    const probe = new StoredConfiguration(pid, this.#keeper, '?');
    probe.load(text, given);
    return this.#evaluate(pid, probe);
  }

  /** What is stored and how it is seen, valid or not. */
  evaluationOf(pid: string): Evaluation {
    return this.#evaluate(pid, this.#configurations.get(pid));
  }

  /** What its file says, key by key, unexpanded. */
  entriesOf(pid: string): PropertiesEntry[] {
    return [...(this.#configurations.get(pid)?.document.entries.values() ?? [])];
  }

  /** As it is in its file; undefined when there is none. */
  textOf(pid: string): string | undefined {
    return this.#configurations.get(pid)?.text;
  }

  /**
   * Writes the text that an operator's edit gives: called when changes that are under way are done, and what somebody wrote
   * into the file is known.
   *
   * @throws ConfigurationError READ_ONLY, INVALID; what `edit` throws
   */
  async store(pid: string, edit: () => string): Promise<void> {
    checkPid(pid);
    this.rescan();
    await (this.#configurations.get(pid) ?? this.#make(pid, '?')).rewrite(edit);
  }

  /** Where a value comes from: `default`, `--set`, or the file and line. */
  originOf(pid: string, key: string): string {
    if (this.#overridesOf(pid).has(key)) return '--set';
    for (const entry of this.entriesOf(pid))
      if (entry.key.toLowerCase() === key.toLowerCase()) return `${this.fileOf(pid)}:${entry.line}`;
    return 'default';
  }

  fileOf(pid: string): string {
    return this.options.texts.nameOf(pid);
  }

  /** Compares with the files and delivers what differs: the content decides, not its time (rule G15). */
  rescan(): void {
    const texts = new Map(this.options.texts.read());
    for (const pid of this.#underWay) texts.delete(pid);
    for (const configuration of this.#existing()) {
      if (texts.has(configuration.pid) || this.#underWay.includes(configuration.pid)) continue;
      configuration.markDeleted();
      this.#forget(configuration);
    }
    for (const [pid, text] of texts) {
      const configuration = this.#configurations.get(pid) ?? this.#make(pid, '?');
      if (configuration.text === text) continue;
      configuration.load(text);
      this.#tell('CM_UPDATED', configuration);
    }
  }

  /** A schema came, went or changed: what is delivered may differ though the file does not. */
  schemaChanged(pid: string): void {
    this.#rejected.delete(pid);
    for (const each of this.#existing()) {
      if (basePid(each.pid) === pid || each.factoryPid === pid)
        this.#noteFaults(each.pid, this.#evaluate(each.pid, each));
    }
    this.#fire({ type: 'CM_UPDATED', pid, factoryPid: undefined });
  }

  /** Configurations bound to a bundle that is gone are free again (rules G7, U12). */
  unbind(location: string): void {
    for (const each of this.#existing()) if (each.getBundleLocation() === location) each.setBundleLocation(undefined);
  }

  readonly #keeper = {
    write: ({ pid }: StoredConfiguration, text: string): Promise<void> =>
      this.#unwatched(pid, () => this.options.texts.write(pid, text)),
    updated: (configuration: StoredConfiguration): void => this.#tell('CM_UPDATED', configuration),
    deleted: async (configuration: StoredConfiguration): Promise<void> => {
      const { pid } = configuration;
      await this.#unwatched(pid, () => this.options.texts.remove(pid));
      this.#forget(configuration);
    },
    relocated: (configuration: StoredConfiguration): void => this.#tell('CM_LOCATION_CHANGED', configuration),
    assertWritable: async (configuration: StoredConfiguration): Promise<void> => {
      const { pid } = configuration;
      if (configuration.getAttributes().has('READ_ONLY'))
        throw new ConfigurationError('READ_ONLY', `configuration ${pid} is read-only`);
      if (await this.options.texts.isWritable(pid)) return;
      throw new ConfigurationError('READ_ONLY', `${this.fileOf(pid)} cannot be written`);
    },
    assertValid: ({ pid }: StoredConfiguration, text: string, given: Map<string, unknown>): void => {
      const { faults } = this.check(pid, text, given);
      if (faults.length > 0) throw new ConfigurationError('INVALID', describeFaults(this.fileOf(pid), faults));
    },
    typed: (configuration: StoredConfiguration): Readonly<Record<string, unknown>> =>
      this.#goodValues(configuration.pid, configuration).properties ?? {},
  };

  /** Who changes a file tells of it: a scan in the middle of it would tell a second time. */
  async #unwatched(pid: string, change: () => Promise<void>): Promise<void> {
    this.#underWay.push(pid);
    try {
      await change();
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(pid), 1);
    }
  }

  #make(pid: string, location: string | undefined): StoredConfiguration {
    const configuration = new StoredConfiguration(pid, this.#keeper, location);
    this.#configurations.set(pid, configuration);
    return configuration;
  }

  #existing(): StoredConfiguration[] {
    return [...this.#configurations.values()].filter(({ text }) => text !== undefined);
  }

  #forget(configuration: StoredConfiguration): void {
    this.#configurations.delete(configuration.pid);
    this.#rejected.delete(configuration.pid);
    this.#tell('CM_DELETED', configuration);
    this.#lastGood.delete(configuration.pid);
  }

  #tell(type: ConfigurationEvent['type'], configuration: StoredConfiguration): void {
    const { pid, factoryPid } = configuration;
    const before = this.#lastGood.get(pid);
    const evaluation = this.#evaluate(pid, this.#configurations.get(pid));
    if (type === 'CM_UPDATED') this.#noteFaults(pid, evaluation);
    const changes = before && evaluation.properties ? changesBetween(before, evaluation.properties) : [];
    this.#fire(
      { type, pid, factoryPid },
      changes.map(({ key }) => key),
    );
  }

  #fire(event: ConfigurationEvent, changedKeys: readonly string[] = []): void {
    for (const listener of [...this.#listeners]) listener(event, changedKeys);
  }

  #noteFaults(pid: string, { faults, unknown }: Evaluation): void {
    const file = this.fileOf(pid);
    this.#rejected.delete(pid);
    for (const key of unknown) this.options.log.warn('unknown key in a configuration', { pid, file, key });
    for (const { key, line } of this.#configurations.get(pid)?.document.duplicates ?? [])
      this.options.log.warn('key is there twice: the last one counts', { pid, file, key, line });
    if (faults.length === 0) return;
    const rejected = { pid, file, faults };
    this.#rejected.set(pid, rejected);
    for (const listener of [...this.#rejectionListeners]) listener(rejected);
    this.options.log.error('configuration refused, the last good one stays', { pid, file, faults });
  }

  #goodValues(
    pid: string,
    configuration: StoredConfiguration | undefined,
  ): Pick<ConfigurationReading, 'properties' | 'reason'> {
    const { properties, faults } = this.#evaluate(pid, configuration);
    const key = configuration?.pid ?? pid;
    if (!properties) return { properties: this.#lastGood.get(key), reason: describeFaults(this.fileOf(key), faults) };
    const effective = this.#untilRestart(key, properties);
    this.#lastGood.set(key, effective);
    return { properties: effective, reason: undefined };
  }

  /** A key with `x-restart: host` keeps the value that it had first in this run (rule G17). */
  #untilRestart(pid: string, properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const held = this.#schemaOf(pid)?.keysRestarting('host') ?? [];
    if (held.length === 0) return properties;
    const first = this.#first.get(pid) ?? properties;
    this.#first.set(pid, first);
    return Object.freeze({
      ...properties,
      ...Object.fromEntries(held.flatMap((key) => (key in first ? [[key, first[key]]] : []))),
    });
  }

  /** Keys that are changed, and wait for a restart of the host. */
  get waitingForRestart(): { pid: string; key: string }[] {
    return [...this.#first].flatMap(([pid, first]) => {
      const now = this.#evaluate(pid, this.#configurations.get(pid)).properties ?? first;
      const held = this.#schemaOf(pid)?.keysRestarting('host') ?? [];
      return held.filter((key) => !isDeepStrictEqual(now[key], first[key])).map((key) => ({ pid, key }));
    });
  }

  #evaluate(pid: string, configuration: StoredConfiguration | undefined): Evaluation {
    return evaluate({
      entries: configuration?.document.entries ?? new Map(),
      given: configuration?.given ?? new Map(),
      overrides: this.#overridesOf(pid),
      schema: this.#schemaOf(pid),
      scope: this.options.scope,
    });
  }

  #schemaOf(pid: string): ConfigurationSchema | undefined {
    const base = basePid(pid);
    return this.options.schemaOf(factoryPidOf(base) ?? base);
  }

  /** Those of `--set` that name a key of this PID. */
  #overridesOf(pid: string): Map<string, string> {
    const base = basePid(pid);
    const schema = this.#schemaOf(pid);
    const overrides = new Map<string, string>();
    for (const [name, value] of this.options.overrides) {
      const short = name.startsWith(`${base}.`) ? name.slice(base.length + 1) : undefined;
      const key = schema?.spell(name) ?? (short === undefined ? undefined : schema ? schema.spell(short) : short);
      if (key !== undefined) overrides.set(key, value);
    }
    return overrides;
  }
}

/** For a person: `conf/eas.properties:3: max: must be integer`. */
export function describeFaults(file: string, faults: readonly ConfigurationFault[]): string {
  return faults
    .map(({ key, line, reason }) => `${file}${line === undefined ? '' : `:${line}`}: ${key} ${reason}`)
    .join('; ');
}
