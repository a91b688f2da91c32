import type { SandboxClock } from '../clock';
import type { Events, SandboxEvent } from './events';

/** What a client is told. OX HTTP API, "Push notification service". */
export interface PushMessage {
  /** `ox:mail:new`, `ox:calendar:updates` */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly namespace: '/';
}

/** Somebody who is told of a user's changes. */
export interface PushChannel {
  push(user: { context: number; id: number }, message: PushMessage): void;
}

interface Pending {
  readonly context: number;
  readonly user: number;
  readonly mails: Record<string, unknown>[];
  readonly folders: Set<string>;
}

/** Collects a user's events for a while and tells the channels of them in one message for each topic. */
export class Push implements Disposable {
  readonly #channels = new Set<PushChannel>();
  readonly #pending = new Map<string, Pending>();
  readonly #timers = new Set<Disposable>();
  readonly #listener: Disposable;

  constructor(
    events: Events,
    private readonly clock: SandboxClock,
    private readonly delay: number,
  ) {
    this.#listener = events.listen((event) => this.#collect(event));
  }

  open(channel: PushChannel): Disposable {
    this.#channels.add(channel);
    return { [Symbol.dispose]: () => void this.#channels.delete(channel) };
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
    for (const timer of this.#timers) timer[Symbol.dispose]();
  }

  #collect(event: SandboxEvent): void {
    if (this.#channels.size === 0) return;
    const key = `${event.context}:${event.user}`;
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = { context: event.context, user: event.user, mails: [], folders: new Set() };
      this.#pending.set(key, pending);
      this.#schedule(key);
    }
    if (event.kind === 'mail') pending.mails.push(mailArgument(event));
    else for (const folder of event.folders) pending.folders.add(`cal://0/${folder}`);
    if (!this.clock.setTimeout || this.delay === 0) this.#flush(key);
  }

  #schedule(key: string): void {
    if (!this.clock.setTimeout || this.delay === 0) return;
    const timer = this.clock.setTimeout(() => {
      this.#timers.delete(timer);
      this.#flush(key);
    }, this.delay);
    this.#timers.add(timer);
  }

  #flush(key: string): void {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    if (!pending) return;
    const user = { context: pending.context, id: pending.user };
    if (pending.mails.length > 0) this.#send(user, 'ox:mail:new', pending.mails);
    if (pending.folders.size > 0)
      this.#send(user, 'ox:calendar:updates', [{ folders: [...pending.folders], needsAction: [] }]);
  }

  #send(user: { context: number; id: number }, name: string, args: readonly unknown[]): void {
    for (const channel of this.#channels) channel.push(user, { name, args, namespace: '/' });
  }
}

function mailArgument({ folder, id, message }: Extract<SandboxEvent, { kind: 'mail' }>): Record<string, unknown> {
  const [name, email] = message.from[0] ?? [null, ''];
  return {
    folder,
    id,
    email,
    displayname: name ?? email,
    subject: message.subject ?? '',
    teaser: (message.text ?? '').slice(0, 180),
  };
}
