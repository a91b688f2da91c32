import { randomBytes } from 'node:crypto';
import type { Clock, GroupwareSession } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';

/** A user who is logged in on the page. The password is not in it: the groupware's session stands for it. */
export interface PageSession {
  readonly id: string;
  /** Goes with every form, so that another site cannot send one. */
  readonly csrfToken: string;
  /** As the user typed it. */
  readonly login: string;
  readonly groupware: GroupwareSession;
  /** When the user must log in again, whatever happens. */
  readonly ends: number;
}

export interface PageSessionOptions {
  /** Milliseconds. */
  readonly idle: number;
  readonly longest: number;
}

/** More users at a time than that log out the one who was idle longest. */
const most = 10_000;

export function randomToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Who is logged in, in memory only. */
export class PageSessions implements Disposable {
  readonly #sessions: LRUCache<string, PageSession>;

  constructor(
    private readonly clock: Clock,
    private readonly options: PageSessionOptions,
  ) {
    this.#sessions = new LRUCache<string, PageSession>({
      max: most,
      ttl: options.idle,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now: () => clock.now() },
      dispose: ({ groupware }) => groupware[Symbol.dispose](),
    });
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** Always under a new id: one that somebody knew before the login is worth nothing. */
  create(login: string, groupware: GroupwareSession): PageSession {
    const ends = this.clock.now() + this.options.longest;
    const session = { id: randomToken(), csrfToken: randomToken(), login, groupware, ends };
    this.#sessions.set(session.id, session);
    return session;
  }

  find(id: string | undefined): PageSession | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (!session || session.ends > this.clock.now()) return session;
    this.#sessions.delete(session.id);
    return undefined;
  }

  end(session: PageSession): void {
    this.#sessions.delete(session.id);
  }

  /** Ends those that were idle for too long, though nobody asks for them. */
  purge(): void {
    this.#sessions.purgeStale();
  }

  [Symbol.dispose](): void {
    this.#sessions.clear();
  }
}
