import type { Bundle, BundleContext, Clock, Framework, Logger } from '@oxtender/bundle-api';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from '../files/atomic-file';
import { FolderWatcher } from '../files/folder-watcher';
import { type Artefact, findArtefacts } from './artefacts';
import { type Deployed, planDeployment } from './deploy-plan';

export interface HotDeployOptions {
  readonly folder: string;
  /** Remembers what was done over a restart. */
  readonly stateFile: string;
  readonly framework: Framework;
  readonly context: BundleContext;
  readonly clock: Clock;
  readonly log: Logger;
  /** Start what is new. */
  readonly startNew: boolean;
  readonly onRemove: 'uninstall' | 'stop' | 'ignore';
}

/**
 * Installs, updates and removes bundles as their files come, change and go in a folder. Felix File Install; rule O5.
 * A bundle that an operator stopped is updated, and not started.
 */
export class HotDeploy implements AsyncDisposable {
  readonly #deployed = new Map<string, Deployed>();
  #before: readonly Artefact[] = [];
  readonly #watcher: FolderWatcher;

  constructor(private readonly options: HotDeployOptions) {
    const { folder, stateFile, clock, log } = options;
    mkdirSync(folder, { recursive: true });
    if (existsSync(stateFile)) {
      const known = JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, Deployed>;
      for (const [path, each] of Object.entries(known)) this.#deployed.set(path, each);
    }
    this.#watcher = new FolderWatcher({
      folder,
      clock,
      scan: () => this.#scan(),
      failed: (error) => log.error('the deploy folder could not be read', { folder, error }),
    });
  }

  /** Looks at once, as it does by itself every two seconds. */
  scanNow(): Promise<void> {
    return this.#watcher.scanNow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher[Symbol.asyncDispose]();
  }

  async #scan(): Promise<void> {
    const now = findArtefacts(this.options.folder);
    const { removed, changed, added } = planDeployment(now, this.#before, this.#deployed);
    this.#before = now;
    if (removed.length + changed.length + added.length === 0) return;
    for (const path of removed) await this.#remove(path);
    for (const artefact of changed) await this.#try(artefact, () => this.#update(artefact.path));
    const bundles: Bundle[] = [];
    for (const artefact of added)
      await this.#try(artefact, async () => void bundles.push(await this.options.context.installBundle(artefact.path)));
    await this.options.framework.wiring.refresh();
    if (this.options.startNew) for (const bundle of bundles) await this.#start(bundle);
    await writeFileAtomically(
      this.options.stateFile,
      `${JSON.stringify(Object.fromEntries(this.#deployed), null, 2)}\n`,
    );
  }

  /** What fails is tried again when its file changes, not at every scan. */
  async #try({ path, signature }: Artefact, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.#deployed.set(path, { signature });
      this.options.log.info('deployed', { path });
    } catch (error) {
      this.#deployed.set(path, { signature, failed: true });
      this.options.log.error('could not be deployed', { path, error });
    }
  }

  /** A file that failed before may be its bundle's first good one. */
  async #update(path: string): Promise<void> {
    const { context, startNew } = this.options;
    const bundle = context.getBundle(path);
    if (bundle) return bundle.update(path);
    const installed = await context.installBundle(path);
    if (startNew) await this.#start(installed);
  }

  async #start(bundle: Bundle): Promise<void> {
    try {
      await bundle.start({ policy: 'declared' });
    } catch (error) {
      const { framework, log } = this.options;
      if (framework.operator.status(bundle).disabled)
        log.info('bundle is disabled, and not started', { bundle: bundle.symbolicName });
      else log.error('a deployed bundle could not be started', { bundle: bundle.symbolicName, error });
    }
  }

  async #remove(path: string): Promise<void> {
    this.#deployed.delete(path);
    const bundle = this.options.context.getBundle(path);
    const { onRemove, log } = this.options;
    if (!bundle || onRemove === 'ignore') return;
    try {
      if (onRemove === 'uninstall') await bundle.uninstall();
      else await bundle.stop();
      log.info('removed from the deploy folder', { path, bundle: bundle.symbolicName, then: onRemove });
    } catch (error) {
      log.error('a removed bundle did not stop well', { path, error });
    }
  }
}
