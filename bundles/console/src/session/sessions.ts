import type { Clock } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { randomToken } from './random-token';

/** `read` looks, `admin` changes too. */
export type Role = 'read' | 'admin';

/** Who operates. */
export interface Operator {
  /** For the audit trail. */
  readonly name: string;
  readonly role: Role;
}

/** An operator who is logged in. */
export interface Session extends Operator {
  readonly id: string;
  /** Goes with every request that changes something, so that another site cannot send one. */
  readonly csrfToken: string;
  /** When the operator must log in again, whatever happens. */
  readonly ends: number;
  /** Aborted when the session is over: streams end with it. */
  readonly signal: AbortSignal;
}

export interface SessionOptions {
  /** Milliseconds. */
  readonly idle: number;
  readonly longest: number;
}

/** More operators at a time than that log out the one who was idle longest. */
const most = 1000;

/** Who is logged in, in memory only: a restart logs everybody out. */
export class Sessions implements Disposable {
  readonly #sessions: LRUCache<string, { session: Session; over: AbortController }>;

  constructor(
    private readonly clock: Clock,
    private readonly options: () => SessionOptions,
  ) {
    this.#sessions = new LRUCache<string, { session: Session; over: AbortController }>({
      max: most,
      ttl: options().idle,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now: () => clock.now() },
      dispose: ({ over }) => over.abort(new Error('the session is over')),
    });
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** Always under a new id: one that somebody knew before the login is worth nothing. */
  create({ name, role }: Operator): Session {
    const over = new AbortController();
    const { idle, longest } = this.options();
    const ends = this.clock.now() + longest;
    const session = { id: randomToken(), csrfToken: randomToken(), name, role, ends, signal: over.signal };
    this.#sessions.set(session.id, { session, over }, { ttl: idle });
    return session;
  }

  find(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id)?.session;
    if (!session || session.ends > this.clock.now()) return session;
    this.end(session);
    return undefined;
  }

  end({ id }: Session): void {
    this.#sessions.delete(id);
  }

  /** Ends those that are over, though nobody asks for them. */
  purge(): void {
    this.#sessions.purgeStale();
    for (const { session } of [...this.#sessions.values()]) if (session.ends <= this.clock.now()) this.end(session);
  }

  [Symbol.dispose](): void {
    this.#sessions.clear();
  }
}
