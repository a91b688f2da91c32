import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that runs one of the scripts beside this file. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;

  constructor(script: string, settings: unknown) {
    this.#process = fork(require.resolve(`./${script}`), [JSON.stringify(settings)]);
  }

  /** The next message that fits. @throws Error when the process ends before */
  async message<T>(fits: (message: T) => boolean = () => true): Promise<T> {
    return new Promise((resolve, reject) => {
      const listen = (message: unknown): void => {
        if (!fits(message as T)) return;
        this.#process.off('message', listen).off('exit', leave);
        resolve(message as T);
      };
      const leave = (code: number | null): void => reject(new Error(`child ended with ${code}`));
      this.#process.on('message', listen).on('exit', leave);
    });
  }

  /** Resolves when it ended by itself. @throws Error when that was a failure */
  async ended(): Promise<void> {
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    if (this.#process.exitCode !== 0) throw new Error(`child ended with ${this.#process.exitCode}`);
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
