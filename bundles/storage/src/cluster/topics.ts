import type { Logger } from '@oxtender/bundle-api';

type Listener = (message: unknown) => void;

/** The listeners of this host. */
export class Topics {
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(private readonly logger: Logger) {}

  subscribe(topic: string, listener: Listener): Disposable {
    // Each subscription is its own, also of one function twice.
    const own: Listener = (message) => listener(message);
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(own));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
      },
    };
  }

  /** @param json - parsed only when somebody listens */
  deliver(topic: string, json: string): void {
    const listeners = this.#listeners.get(topic);
    if (!listeners) return;
    for (const listener of [...listeners]) {
      try {
        listener(JSON.parse(json));
      } catch (error) {
        this.logger.error('a listener of the cluster bus failed', { topic, error });
      }
    }
  }
}

const largestMessage = 64 * 1024;

/** @throws RangeError, TypeError as `ClusterBus.publish` has it */
export function encodeMessage(topic: string, message: unknown): string {
  if (/[\r\n]/.test(topic)) throw new TypeError('a topic has no line breaks');
  const json = JSON.stringify(message) as string | undefined;
  if (json === undefined) throw new TypeError(`message of topic ${topic} is no JSON data`);
  if (Buffer.byteLength(json) >= largestMessage) throw new RangeError(`message of topic ${topic} is 64 KiB or larger`);
  return json;
}
