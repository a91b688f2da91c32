import type { ChangeNotice, Clock, ClusterBus, GroupwareUser } from '@oxtender/bundle-api';
import { randomUUID } from 'node:crypto';
import type { SharedLogin } from '../session/login-cache';
import { UserWatch } from './user-watch';

/** On the bus: a {@link RemoteNotice}. */
const topic = 'usm.change';
/** Milliseconds that a watch goes on when no device waits: the next wait, and the syncs between, use it. */
const linger = 120_000;

/** A change that a device of the user made through another host. */
interface RemoteNotice extends ChangeNotice {
  readonly contextId: number;
  readonly userId: number;
  readonly origin: string;
}

type UserKey = Pick<GroupwareUser, 'contextId' | 'userId'>;

interface Running {
  readonly key: string;
  readonly watch: UserWatch;
  readonly login: SharedLogin;
  readonly poll: Disposable;
  users: number;
  end: Disposable | undefined;
}

/** A part in a user's watch, until it is disposed. */
export class JoinedWatch implements Disposable {
  #isHeld = true;

  constructor(
    private readonly running: Running,
    private readonly leave: (running: Running) => void,
  ) {}

  get watch(): UserWatch {
    return this.running.watch;
  }

  [Symbol.dispose](): void {
    if (this.#isHeld) this.leave(this.running);
    this.#isHeld = false;
  }
}

/** One watch per user, however many devices wait. */
export class UserWatches implements Disposable {
  readonly #running = new Map<string, Running>();
  readonly #origin = randomUUID();
  readonly #subscription: Disposable;

  constructor(
    private readonly bus: ClusterBus,
    private readonly clock: Clock,
    private readonly options: { readonly pollInterval: number },
  ) {
    this.#subscription = bus.subscribe(topic, (message) => {
      const notice = message as RemoteNotice;
      if (notice.origin !== this.#origin) this.find(notice)?.announce(notice);
    });
  }

  get count(): number {
    return this.#running.size;
  }

  /** The user's watch, if one runs. */
  find(user: UserKey): UserWatch | undefined {
    return this.#running.get(keyOf(user))?.watch;
  }

  /** Begins the user's watch, or joins it. */
  join(user: UserKey, login: SharedLogin): JoinedWatch {
    const key = keyOf(user);
    const running = this.#running.get(key) ?? this.#begin(key, login.share());
    running.users += 1;
    running.end?.[Symbol.dispose]();
    running.end = undefined;
    return new JoinedWatch(running, this.#leave);
  }

  /** Tells the other hosts of a change that this one made. */
  publish({ contextId, userId }: UserKey, notice: ChangeNotice): void {
    const remote: RemoteNotice = { ...notice, contextId, userId, origin: this.#origin };
    this.bus.publish(topic, remote);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const running of this.#running.values()) this.#end(running);
  }

  #begin(key: string, login: SharedLogin): Running {
    const watch = new UserWatch(login.groupware, this.clock);
    const poll = this.clock.setInterval(() => watch.poll(), this.options.pollInterval);
    const running = { key, watch, login, poll, users: 0, end: undefined };
    this.#running.set(key, running);
    return running;
  }

  readonly #leave = (running: Running): void => {
    running.users -= 1;
    if (running.users === 0) running.end = this.clock.setTimeout(() => this.#end(running), linger);
  };

  #end(running: Running): void {
    this.#running.delete(running.key);
    running.end?.[Symbol.dispose]();
    running.poll[Symbol.dispose]();
    running.watch[Symbol.dispose]();
    running.login[Symbol.dispose]();
  }
}

function keyOf({ contextId, userId }: UserKey): string {
  return `${contextId}/${userId}`;
}
