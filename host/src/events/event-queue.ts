import type { Clock, Event, EventHandler, Logger } from '@oxtender/bundle-api';

export interface EventQueueOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** For the log. */
  readonly owner: string;
  /** Rule E4: events need not wait for each other. */
  readonly unordered: boolean;
  /** Milliseconds after which a handler is reported, and no longer waited for by `send`. */
  readonly patience: number;
  /** Events that may wait; the oldest is dropped beyond. */
  readonly capacity: number;
}

interface Waiting {
  readonly event: Event;
  readonly done: () => void;
}

/** The events of one handler, one after the other (rules E4 to E6). */
export class EventQueue {
  readonly #waiting: Waiting[] = [];
  #running = false;
  #dropped = 0;
  #closed = false;

  constructor(
    private readonly handler: () => EventHandler | undefined,
    private readonly options: EventQueueOptions,
  ) {}

  get dropped(): number {
    return this.#dropped;
  }

  /** Resolves when the handler is done with the event, or is too slow, or the event is dropped. */
  deliver(event: Event): Promise<void> {
    return new Promise((done) => {
      if (this.options.unordered) void this.#handle({ event, done });
      else {
        this.#waiting.push({ event, done });
        if (this.#waiting.length > this.options.capacity) this.#drop();
        void this.#run();
      }
    });
  }

  /** The handler is gone: what waits for it is not delivered any more (rule E5). */
  close(): void {
    this.#closed = true;
    for (const { done } of this.#waiting.splice(0)) done();
  }

  #drop(): void {
    const oldest = this.#waiting.shift();
    oldest?.done();
    if (this.#dropped++ === 0)
      this.options.log.warn('an event handler is too slow: events are dropped', { handler: this.options.owner });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#handle(next);
    this.#running = false;
  }

  async #handle({ event, done }: Waiting): Promise<void> {
    const { clock, log, owner, patience } = this.options;
    const timer = clock.setTimeout(() => {
      log.warn('an event handler takes long', { handler: owner, topic: event.topic, waited: patience });
      done();
    }, patience);
    try {
      // Never in the stack of the poster.
      await Promise.resolve();
      if (!this.#closed) await this.handler()?.handleEvent(event);
    } catch (error) {
      log.error('an event handler failed', { handler: owner, topic: event.topic, error });
    } finally {
      timer[Symbol.dispose]();
      done();
    }
  }
}
