import type { FrameworkListener } from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';
import type { Installation } from './installation';
import { deactivate } from './lifecycle/deactivation';

/** The framework's start level and its way up and down (rules P1 to P8). */
export class StartLevels {
  /** 0: down. */
  level = 0;
  initialBundleLevel = 1;
  readonly #host: HostFramework;
  /** End of the queue of level changes. */
  #queue: Promise<void> = Promise.resolve();

  constructor(host: HostFramework) {
    this.#host = host;
  }

  /** Queues a change; STARTLEVEL_CHANGED, or ERROR, goes to `listeners` too. @throws RangeError */
  request(level: number, listeners: readonly FrameworkListener[] = []): void {
    assertLevel(level);
    const bundle = this.#host.system;
    void this.#enqueue(async () => {
      try {
        await this.moveTo(level);
        this.#host.events.frameworkEvent({ type: 'STARTLEVEL_CHANGED', bundle }, listeners);
      } catch (error) {
        this.#host.events.frameworkEvent({ type: 'ERROR', bundle, error }, listeners);
      }
    });
  }

  /** Goes to a level, 0 included, after the changes asked for before. */
  async go(level: number): Promise<void> {
    await this.#enqueue(() => this.moveTo(level));
  }

  /** Resolves when all changes asked for so far are made. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  /** @throws RangeError */
  async setInitialBundleLevel(level: number): Promise<void> {
    assertLevel(level);
    this.initialBundleLevel = level;
    await this.#host.persist();
  }

  /** Acts at once, or after the activator that asked for it (rules P5, P7). @throws RangeError */
  async setBundleLevel(installation: Installation, level: number): Promise<void> {
    assertLevel(level);
    installation.startLevel = level;
    await this.#host.saveSettings(installation);
    const act = (): Promise<void> => this.#settle(installation);
    if (this.#host.operations.chain.inside) void this.#enqueue(act);
    else await act();
  }

  async moveTo(target: number): Promise<void> {
    while (this.level < target) {
      this.level = Math.min(target, ...this.#levels().filter((level) => level > this.level));
      for (const installation of this.#at(this.level)) await this.#startIfDue(installation);
    }
    while (this.level > target) {
      const stopping = this.#at(this.level).sort((a, b) => b.startOrder - a.startOrder);
      for (const installation of stopping) await this.#stop(installation);
      this.level = Math.max(target, ...this.#levels().filter((level) => level < this.level));
    }
  }

  #levels(): number[] {
    return Array.from(this.#host.bundles, ({ startLevel }) => startLevel);
  }

  #at(level: number): Installation[] {
    return [...this.#host.bundles].filter(({ startLevel }) => startLevel === level);
  }

  async #settle(installation: Installation): Promise<void> {
    if (installation.state === 'UNINSTALLED') return;
    if (installation.startLevel > this.level) await this.#stop(installation);
    else await this.#startIfDue(installation);
  }

  /** A failure is an ERROR event, and the change goes on (rule P6). */
  async #startIfDue(installation: Installation): Promise<void> {
    const { bundle, autostart } = installation;
    if (autostart === 'stopped' || installation.running || this.#host.isDisabled(installation)) return;
    if (this.#host.crashGuard.trips(installation)) {
      this.#host.report('WARNING', bundle, undefined, 'not started: the process died during its last starts');
      return;
    }
    try {
      await this.#host.operations.startAgain(installation);
    } catch (error) {
      this.#host.report('ERROR', bundle, error);
    }
  }

  async #stop(installation: Installation): Promise<void> {
    if (!installation.running) return;
    try {
      await this.#host.operations.alone(installation, 'stop', () => deactivate(this.#host, installation));
    } catch (error) {
      this.#host.report('ERROR', installation.bundle, error);
    }
  }

  /** What an activator asks for is done after it returned, and belongs to nobody's call chain (rule P7). */
  #enqueue(change: () => Promise<void>): Promise<void> {
    const { chain } = this.#host.operations;
    const due = chain.inside ? Promise.all([this.#queue, chain.afterwards()]) : this.#queue;
    const changed = due.then(() => chain.outside(change));
    this.#queue = changed.catch(() => undefined); // whoever asked for the change was told
    return changed;
  }
}

/** @throws RangeError unless an integer from 1 (rule P2) */
export function assertLevel(level: number): void {
  if (!Number.isInteger(level) || level < 1) throw new RangeError(`a start level is an integer from 1, not ${level}`);
}
