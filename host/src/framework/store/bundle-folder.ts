import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sweepTemporaryFiles, writeFileAtomically } from '../../files/atomic-file';
import { FolderWatcher } from '../../files/folder-watcher';
import type { HostFramework } from '../host-framework';
import type { Autostart, Installation } from '../installation';
import { editProperties, readProperties } from './bundle-settings';

/** What an operator's file says of a bundle; what it does not say stays as it is. */
export interface BundleSettings {
  readonly enabled?: boolean;
  readonly autostart?: Autostart;
  readonly startLevel?: number;
}

/**
 * The operators' folder `bundle.d`: one file `<symbolic name>.properties` per bundle, as Open-Xchange has it. Written
 * when a bundle is enabled, disabled, started or stopped for good; a change of a file takes effect at once.
 */
export class BundleFolder {
  readonly #folder: string | undefined;
  readonly #host: HostFramework;
  /** Text of each file when it was last read or written: only what differs is a change. */
  readonly #seen = new Map<string, string>();
  /** Files that an operator was told of. */
  readonly #unreadable = new Set<string>();
  #watcher: FolderWatcher | undefined;
  /** The last write or look: none begins before it is done, lest a file that is about to be replaced count as a change. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: HostFramework, folder: string | undefined) {
    this.#host = host;
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  /** What a crash left behind goes. */
  sweep(): void {
    if (this.#folder !== undefined) sweepTemporaryFiles(this.#folder);
  }

  /** What the file of a bundle says; nothing when there is none. */
  settingsOf(symbolicName: string): BundleSettings {
    if (this.#folder === undefined) return {};
    const file = fileOf(symbolicName);
    const text = this.#read(file);
    if (text === undefined) return {};
    this.#seen.set(file, text);
    const { settings, faults } = readProperties(text);
    for (const fault of faults) this.#warn(`${this.#path(symbolicName)}: ${fault}`);
    return settings;
  }

  /** Writes what the bundle's settings are now; comments and foreign keys stay. */
  save(installation: Installation): Promise<void> | undefined {
    return this.#folder === undefined ? undefined : this.#inTurn(() => this.#write(installation));
  }

  /** The bundle is uninstalled. */
  forget({ symbolicName }: Installation): void {
    if (this.#folder === undefined || this.#host.bundles.named(symbolicName).length > 0) return;
    this.#seen.delete(fileOf(symbolicName));
    rmSync(this.#path(symbolicName), { force: true });
  }

  /** From now on a change of a file is done as soon as it is seen. */
  open(): void {
    if (this.#folder === undefined) return;
    this.#watcher = new FolderWatcher({
      folder: this.#folder,
      clock: this.#host.clock,
      scan: () => this.#scan(),
      failed: (error) => this.#host.report('ERROR', this.#host.system, error, 'bundle.d cannot be watched'),
    });
  }

  async close(): Promise<void> {
    await this.#watcher?.[Symbol.asyncDispose]();
    this.#watcher = undefined;
  }

  /** Looks now. Resolves when what changed is done. */
  async scan(): Promise<void> {
    await this.#watcher?.scanNow();
  }

  async #write(installation: Installation): Promise<void> {
    const { symbolicName, autostart, startLevel, enabled } = installation;
    const path = this.#path(symbolicName);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : `# Bundle ${symbolicName}\n`;
    const text = editProperties(before, { enabled, autostart, startLevel });
    if (text === before) return;
    await writeFileAtomically(path, text);
    this.#seen.set(fileOf(symbolicName), text);
  }

  async #scan(): Promise<void> {
    for (const { installation, settings } of await this.#inTurn(() => this.#changed())) {
      try {
        await this.#apply(installation, settings);
      } catch (error) {
        this.#host.report('ERROR', installation.bundle, error, 'the settings in bundle.d could not be applied');
      }
    }
  }

  #changed(): { installation: Installation; settings: BundleSettings }[] {
    const names = readdirSync(this.#folder ?? '').filter((file) => file.endsWith('.properties'));
    const changed = names.filter((file) => {
      const text = this.#read(file);
      return text !== undefined && text !== this.#seen.get(file);
    });
    return [...this.#host.bundles]
      .filter(({ symbolicName }) => changed.includes(fileOf(symbolicName)))
      .map((installation) => ({ installation, settings: this.settingsOf(installation.symbolicName) }));
  }

  async #apply(installation: Installation, { enabled, startLevel, autostart }: BundleSettings): Promise<void> {
    const { bundle } = installation;
    if (startLevel !== undefined && startLevel !== installation.startLevel) {
      await this.#host.startLevels.setBundleLevel(installation, startLevel);
    }
    if (enabled !== undefined && enabled !== installation.enabled) await this.#host.setEnabled(installation, enabled);
    if (autostart === undefined || (autostart === 'stopped') === (installation.autostart === 'stopped')) return;
    if (autostart === 'stopped') await bundle.stop();
    else if (this.#host.isDisabled(installation)) await this.#host.setAutostart(installation, autostart);
    else await bundle.start({ policy: 'declared' });
  }

  /** Undefined when there is none, or one that cannot be read: which is told once, and counts for nothing. */
  #read(file: string): string | undefined {
    const path = join(this.#folder ?? '', file);
    try {
      const text = readFileSync(path, 'utf8');
      this.#unreadable.delete(file);
      return text;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (!this.#unreadable.has(file)) this.#warn(`${path} cannot be read: it counts for nothing`, error);
      this.#unreadable.add(file);
      return undefined;
    }
  }

  #warn(text: string, error?: unknown): void {
    this.#host.report('WARNING', this.#host.system, error, text);
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result;
    return result;
  }

  #path(symbolicName: string): string {
    return join(this.#folder ?? '', fileOf(symbolicName));
  }
}

const fileOf = (symbolicName: string): string => `${symbolicName.replaceAll('/', '_')}.properties`;
