import type { ParsedMessage } from '../mail/message';

/** A change that clients can be told of. OX HTTP API, "Push notification service": nothing else is pushed. */
export type SandboxEvent =
  | {
      readonly kind: 'mail';
      readonly context: number;
      readonly user: number;
      readonly folder: string;
      readonly id: string;
      readonly message: ParsedMessage;
    }
  | {
      readonly kind: 'calendar';
      readonly context: number;
      readonly user: number;
      readonly folders: readonly number[];
    };

export type EventListener = (event: SandboxEvent) => void;

/** Tells listeners, in the stack of the change. */
export class Events {
  readonly #listeners = new Set<EventListener>();

  listen(listener: EventListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  emit(event: SandboxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
