/**
 * - `before`: the call fails and has done nothing
 * - `after`: the call has done its work and its answer is lost
 *
 * @public
 */
export type FaultMoment = 'before' | 'after';

interface Fault {
  readonly error: Error;
  readonly moment: FaultMoment;
  remaining: number;
}

/** One call that was made, for assertions on what a caller asked. @public */
export interface RecordedCall {
  readonly method: string;
  readonly login: string;
  readonly folderId?: string;
}

/**
 * Makes chosen calls of a test double fail or wait.
 *
 * @public
 */
export class FaultPoints {
  readonly #faults = new Map<string, Fault[]>();
  readonly #gates = new Map<string, { opened: Promise<void>; open: () => void }>();

  /** The next `times` calls of `method` (`*`: of any method) fail with `error`. */
  fail(method: string, error: Error, options: { times?: number; moment?: FaultMoment } = {}): void {
    const { times = 1, moment = 'before' } = options;
    const queue = this.#faults.get(method) ?? [];
    queue.push({ error, moment, remaining: times });
    this.#faults.set(method, queue);
  }

  /** Calls of `method` wait until the returned handle is disposed. */
  hold(method: string): Disposable {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#gates.set(method, { opened, open });
    return {
      [Symbol.dispose]: () => {
        this.#gates.delete(method);
        open();
      },
    };
  }

  /** Forgets all faults and opens all gates. */
  clear(): void {
    this.#faults.clear();
    for (const gate of this.#gates.values()) gate.open();
    this.#gates.clear();
  }

  /** Runs `work` as a call of `method`, subject to the faults. */
  async run<T>(method: string, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.#pass(method, signal);
    const fault = this.#take(method) ?? this.#take('*');
    if (fault?.moment === 'before') throw fault.error;
    const result = await work();
    if (fault?.moment === 'after') throw fault.error;
    return result;
  }

  async #pass(method: string, signal: AbortSignal): Promise<void> {
    const gate = this.#gates.get(method);
    if (!gate) return;
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      void gate.opened.then(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
    });
  }

  #take(method: string): Fault | undefined {
    const queue = this.#faults.get(method);
    const fault = queue?.[0];
    if (!queue || !fault) return undefined;
    fault.remaining -= 1;
    if (fault.remaining <= 0) queue.shift();
    return fault;
  }
}
