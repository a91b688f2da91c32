import { BundleError, IllegalStateError } from '@oxtender/bundle-api';
import type { Bundle, BundleContent, StartOptions } from '@oxtender/bundle-api';
import type { ServiceRecord } from '../../registry/service-record';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { OperationChain } from '../operation-chain';
import { activate, endLaziness } from './activation';
import { deactivate } from './deactivation';
import { install, type InstallRequest } from './install';
import { resolve } from './resolve';
import { uninstall } from './uninstall';
import { rollback, update, type UpdateRequest } from './update';

/** The lifecycle operations, each alone on its bundle (rules L7, L8). What they do is in the files beside. */
export class Operations {
  readonly chain: OperationChain;
  readonly #host: HostFramework;
  /** By location: a second install waits for the first and gets its bundle (rule L1). */
  readonly #installing = new Map<string, Promise<Installation>>();

  constructor(host: HostFramework) {
    this.#host = host;
    this.chain = new OperationChain(host.clock, host.properties.number('host.lockTimeout'));
  }

  async install(
    location: string,
    content: BundleContent = location,
    origin: Bundle = this.#host.system,
  ): Promise<Bundle> {
    return (await this.#install({ location, content, origin })).bundle;
  }

  /**
   * Both or nothing: a start that fails takes the bundle out again, and whoever dies in the middle finds it installed
   * and started, or not at all. One that is disabled is installed, and waits.
   */
  async installAndStart(location: string, content: BundleContent = location): Promise<Bundle> {
    const isNew = !this.#host.bundles.at(location);
    const request = { location, content, origin: this.#host.system, autostart: 'eager' } as const;
    const installation = await this.#install(request);
    if (this.#host.isDisabled(installation)) return installation.bundle;
    try {
      await this.start(installation, {});
    } catch (error) {
      if (isNew && installation.state !== 'UNINSTALLED') await this.uninstall(installation, {});
      throw error;
    }
    return installation.bundle;
  }

  async #install(request: InstallRequest): Promise<Installation> {
    const { location } = request;
    const known = this.#host.bundles.at(location);
    if (known) return known;
    let installing = this.#installing.get(location);
    if (!installing) {
      installing = install(this.#host, request).finally(() => this.#installing.delete(location));
      this.#installing.set(location, installing);
    }
    return installing;
  }

  start(installation: Installation, { transient = false, policy = 'eager' }: StartOptions): Promise<void> {
    return this.#run(installation, 'start', async () => {
      const recording = transient ? undefined : this.#host.setAutostart(installation, policy);
      if (recording) await recording;
      assertEnabled(this.#host, installation);
      if (installation.startLevel > this.#host.startLevels.level) {
        if (!transient) return;
        const text = `${installation.symbolicName} has start level ${installation.startLevel}`;
        throw new BundleError('START_TRANSIENT_ERROR', `${text}, the framework ${this.#host.startLevels.level}`);
      }
      await this.#activate(installation, policy === 'declared');
    });
  }

  stop(installation: Installation, { transient = false }: { transient?: boolean }): Promise<void> {
    return this.#run(installation, 'stop', async () => {
      const recording = transient ? undefined : this.#host.setAutostart(installation, 'stopped');
      if (recording) await recording;
      await deactivate(this.#host, installation);
    });
  }

  update(installation: Installation, request: UpdateRequest): Promise<void> {
    return this.#run(installation, 'update', () => update(this.#host, installation, request));
  }

  rollback(installation: Installation): Promise<void> {
    return this.#run(installation, 'rollback', () => rollback(this.#host, installation));
  }

  uninstall(installation: Installation, { purge = false }: { purge?: boolean }): Promise<void> {
    return this.#run(installation, 'uninstall', () => uninstall(this.#host, installation, purge));
  }

  /** Start as the autostart setting says, and leave it as it is (rule P4). */
  startAgain(installation: Installation): Promise<void> {
    return this.#run(installation, 'start', () => this.startInside(installation));
  }

  /** The first use of a lazy bundle's service; undefined when its bundle does not wait for one. */
  firstUse({ owner, state }: ServiceRecord): Promise<void> | undefined {
    if (state !== 'registered' || owner.bundle.state !== 'STARTING') return undefined;
    return this.#host.bundles.find(owner.bundle)?.started?.activate();
  }

  activateLazy(installation: Installation): Promise<void> {
    return this.#run(installation, 'activate', () => endLaziness(this.#host, installation));
  }

  /** For operations made of others: `work` runs alone on the bundle. */
  alone<T>(installation: Installation, operation: string, work: () => Promise<T>): Promise<T> {
    return this.#run(installation, operation, work);
  }

  /** For an operation that is alone on the bundle already: start as it was, and leave autostart as it is. */
  async startInside(installation: Installation): Promise<void> {
    if (!this.#host.isDisabled(installation)) await this.#activate(installation, installation.autostart === 'declared');
  }

  async #activate(installation: Installation, lazily: boolean): Promise<void> {
    if (installation.started?.lazy && !lazily) return endLaziness(this.#host, installation);
    if (installation.running) return;
    if (installation.corruption) throw installation.corruption;
    if (installation.state === 'INSTALLED') resolve(this.#host, [installation]);
    await activate(this.#host, installation, lazily && installation.current.manifest.activation === 'lazy');
  }

  #run<T>(installation: Installation, operation: string, work: () => Promise<T>): Promise<T> {
    if (installation.state === 'UNINSTALLED') return Promise.reject(uninstalled(installation, operation));
    return this.chain.run(installation.bundle, operation, () => {
      if (installation.state === 'UNINSTALLED') throw uninstalled(installation, operation);
      return work();
    });
  }
}

/** @throws BundleError INVALID_OPERATION (rule P14) */
export function assertEnabled(host: HostFramework, installation: Installation): void {
  if (!host.isDisabled(installation)) return;
  throw new BundleError('INVALID_OPERATION', `bundle ${installation.symbolicName} is disabled`);
}

function uninstalled({ symbolicName }: Installation, operation: string): IllegalStateError {
  return new IllegalStateError(`${operation}: bundle ${symbolicName} is uninstalled`);
}
