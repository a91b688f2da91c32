import type { Clock, Logger } from '@oxtender/bundle-api';
import { execFile } from 'node:child_process';
import { environmentVariable } from './environment';

const program = 'systemd-notify';

/**
 * Tells systemd how the host is, for a unit with `Type=notify`, `NotifyAccess=all` and `WatchdogSec=`. sd_notify(3).
 *
 * By a program, as Node.js has no datagrams over Unix sockets. The watchdog is fed from the event loop: a host that
 * hangs is started again.
 */
export class ServiceManager {
  #watchdog: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Milliseconds within which systemd wants to hear from the host; undefined: no watchdog. */
    private readonly limit: number | undefined,
  ) {}

  /** Undefined when systemd does not ask. */
  static fromEnvironment(clock: Clock, log: Logger): ServiceManager | undefined {
    if (environmentVariable('NOTIFY_SOCKET') === undefined) return undefined;
    const limit = Number(environmentVariable('WATCHDOG_USEC')) / 1000;
    return new ServiceManager(clock, log, limit > 0 ? limit : undefined);
  }

  /** The host serves. Resolves when systemd was told. */
  ready(url: string): Promise<void> {
    if (this.limit !== undefined) {
      this.#watchdog = this.clock.setInterval(() => void this.#tell('WATCHDOG=1'), this.limit / 3);
    }
    return this.#tell('READY=1', `STATUS=serving ${url}`);
  }

  stopping(): Promise<void> {
    this.#watchdog?.[Symbol.dispose]();
    return this.#tell('STOPPING=1');
  }

  #tell(...words: string[]): Promise<void> {
    return new Promise((resolve) => {
      execFile(program, words, (error) => {
        if (error) this.log.error(`${program} failed: systemd does not know how the host is`, { words, error });
        resolve();
      });
    });
  }
}
