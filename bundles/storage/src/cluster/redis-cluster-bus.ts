import { randomUUID } from 'node:crypto';
import type { Cancellable, Clock, ClusterBus, ClusterLock, Logger } from '@oxtender/bundle-api';
import { backOffDelay } from '../back-off';
import type { RedisSettings } from '../settings';
import { LocalLocks } from './local-locks';
import type { SharedCounters } from './flexible-rate-limits';
import { RedisLink } from './redis-link';
import { RedisLock } from './redis-lock';
import { encodeMessage, Topics } from './topics';
import { WindowCounters } from './window-counters';

/** How soon a lock is looked at again that another host holds, should its notice be lost. */
const backOff = { first: 50, longest: 1000 };
/** Topic of the notices that a lock is free. Not a name that `publish` takes. */
const freedTopic = '\r';

/** What a host asked Redis for, and what it got. */
type Taken = { readonly fence: number; readonly at: number } | 'held' | 'alone';

/** The bus of hosts that share a Redis or Valkey. While that is away, each goes on with its own process. */
export class RedisClusterBus implements ClusterBus, AsyncDisposable {
  readonly #origin = randomUUID();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #settings: RedisSettings;
  readonly #topics: Topics;
  readonly #locks: LocalLocks;
  readonly #counters: WindowCounters;
  readonly #link: RedisLink;
  readonly #connectedListeners = new Set<(connected: boolean) => void>();
  /** Who waits for another host's lock; at most one per name, the others wait for that one. */
  readonly #waiting = new Map<string, () => void>();
  readonly #held = new Set<RedisLock>();

  constructor(settings: RedisSettings, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
    this.#settings = settings;
    this.#topics = new Topics(logger);
    this.#locks = new LocalLocks(clock);
    this.#counters = new WindowCounters(clock);
    this.#link = new RedisLink({
      clock,
      logger,
      settings,
      channel: this.#key('bus'),
      onMessage: (message) => this.#receive(message),
      onConnectedChange: (connected) => this.#tellConnected(connected),
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** For those who count in Redis by themselves. */
  get shared(): SharedCounters {
    return { client: this.#link.commands, prefix: this.#settings.prefix };
  }

  /** Why it is not connected, when that is known. */
  get failure(): string | undefined {
    return this.#link.failure;
  }

  onConnectedChange(listener: (connected: boolean) => void): Disposable {
    const own = (connected: boolean): void => listener(connected);
    this.#connectedListeners.add(own);
    return { [Symbol.dispose]: () => void this.#connectedListeners.delete(own) };
  }

  publish(topic: string, message: unknown): void {
    const json = encodeMessage(topic, message);
    queueMicrotask(() => this.#topics.deliver(topic, json));
    if (!this.connected) return;
    this.#link.commands
      .publish(this.#key('bus'), `${this.#origin}\n${topic}\n${json}`)
      .catch((error: unknown) => this.#logger.debug('notice reached this host only', { topic, error }));
  }

  subscribe(topic: string, listener: (message: unknown) => void): Disposable {
    return this.#topics.subscribe(topic, listener);
  }

  async lock(name: string, { signal }: Cancellable): Promise<ClusterLock> {
    const release = await this.#locks.acquire(name, signal);
    const token = randomUUID();
    try {
      for (let attempt = 1; ; attempt++) {
        const taken = await this.#take(name, token);
        if (taken !== 'held') return await unlessAborted(this.#lock(name, token, taken, release), signal);
        await this.#untilFreed(name, attempt, signal);
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  async tryLock(name: string): Promise<ClusterLock | undefined> {
    const release = this.#locks.tryAcquire(name);
    if (!release) return undefined;
    const token = randomUUID();
    const taken = await this.#take(name, token);
    if (taken !== 'held') return this.#lock(name, token, taken, release);
    release();
    return undefined;
  }

  async count(name: string, amount: number, window: number): Promise<number> {
    if (this.connected) {
      try {
        return Number(await this.#link.commands.addToCounter(this.#key(`count:${name}`), amount, window));
      } catch (error) {
        this.#logger.debug('counting on this host only', { error });
      }
    }
    return this.#counters.add(name, amount, window);
  }

  /** Gives back what is still held, and tells its holders. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held].map((lock) => lock.lose()));
    this.#link.close();
  }

  async #take(name: string, token: string): Promise<Taken> {
    if (!this.connected) return 'alone';
    const at = this.#clock.now();
    try {
      const { lockTtl } = this.#settings;
      const fence = await this.#link.commands.takeLock(this.#lockKey(name), this.#key('fence'), token, lockTtl);
      return fence === null ? 'held' : { fence: Number(fence), at };
    } catch (error) {
      this.#logger.debug('lock reaches this host only', { lock: name, error });
      return 'alone';
    }
  }

  #lock(name: string, token: string, taken: Exclude<Taken, 'held'>, release: () => void): ClusterLock {
    if (taken === 'alone') return this.#locks.held(release);
    const { commands } = this.#link;
    const key = this.#lockKey(name);
    const lock = new RedisLock({
      clock: this.#clock,
      name,
      fence: taken.fence,
      taken: taken.at,
      ttl: this.#settings.lockTtl,
      renew: async () => (await commands.renewLock(key, token, this.#settings.lockTtl)) === 1,
      release: async () => {
        try {
          await commands.freeLock(key, token, this.#key('bus'), `${this.#origin}\n${freedTopic}\n${name}`);
        } catch (error) {
          this.#logger.debug('lock stays in redis until its time is out', { lock: name, error });
        } finally {
          this.#held.delete(lock);
          release();
        }
      },
    });
    this.#held.add(lock);
    return lock;
  }

  async #untilFreed(name: string, attempt: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#waiting.set(name, () => woken.abort());
    try {
      await this.#clock.sleep(backOffDelay(backOff, attempt), { signal: AbortSignal.any([signal, woken.signal]) });
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      this.#waiting.delete(name);
    }
  }

  #receive(message: string): void {
    const [origin = '', topic = ''] = message.split('\n', 2);
    const body = message.slice(origin.length + topic.length + 2);
    if (topic === freedTopic) this.#waiting.get(body)?.();
    else if (origin !== this.#origin) this.#topics.deliver(topic, body);
  }

  #tellConnected(connected: boolean): void {
    if (connected) this.#logger.info('redis reached: notices and locks are shared with the other hosts');
    else this.#logger.warn('redis is away: this host goes on alone', { reason: this.failure });
    // Those who wait for another host's lock look for themselves.
    for (const wake of this.#waiting.values()) wake();
    for (const listener of [...this.#connectedListeners]) {
      try {
        listener(connected);
      } catch (error) {
        this.#logger.error('a listener of the cluster bus failed', { error });
      }
    }
  }

  #lockKey(name: string): string {
    return this.#key(`lock:${name}`);
  }

  #key(name: string): string {
    return `${this.#settings.prefix}${name}`;
  }
}

/** Who gave up while Redis was asked does not get what came of it. */
async function unlessAborted(lock: ClusterLock, signal: AbortSignal): Promise<ClusterLock> {
  if (!signal.aborted) return lock;
  await lock[Symbol.asyncDispose]();
  throw signal.reason as Error;
}
