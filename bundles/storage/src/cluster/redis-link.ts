import type { Clock, Logger } from '@oxtender/bundle-api';
import { Redis, type RedisOptions } from 'ioredis';
import { backOffDelay } from '../back-off';
import type { RedisSettings } from '../settings';
import { type ScriptedRedis, withScripts } from './redis-scripts';

/** Milliseconds between attempts to reach Redis again. */
const backOff = { first: 50, longest: 2000 };

export interface RedisLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: RedisSettings;
  readonly channel: string;
  readonly onMessage: (message: string) => void;
  readonly onConnectedChange: (connected: boolean) => void;
}

/**
 * Two connections to Redis, one that listens and one for everything else. Connected means both; when one fails, commands
 * fail at once instead of waiting for it.
 */
export class RedisLink {
  /** Rejects while the link is down. */
  readonly commands: ScriptedRedis;
  readonly #subscriber: Redis;
  readonly #options: RedisLinkOptions;
  readonly #heartbeat: Disposable;
  /** Clients that did not answer, until their connection is closed. */
  readonly #silent = new Set<Redis>();
  #subscribed = false;
  #connected = false;
  #closed = false;
  /** The last reason why it is down, for health. */
  failure: string | undefined;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    const { settings, clock, channel, onMessage } = options;
    this.commands = withScripts(new Redis(settings.url, clientOptions(settings)));
    this.#subscriber = new Redis(settings.url, clientOptions(settings));
    this.#subscriber.on('message', (_channel: string, message: string) => onMessage(message));
    this.#subscriber.on('ready', () => void this.#subscribe(channel));
    for (const client of [this.commands, this.#subscriber]) this.#watch(client);
    this.#heartbeat = clock.setInterval(() => this.#beat(), settings.timeout);
  }

  get connected(): boolean {
    return this.#connected;
  }

  close(): void {
    this.#closed = true;
    this.#heartbeat[Symbol.dispose]();
    this.commands.disconnect();
    this.#subscriber.disconnect();
    this.#connected = false;
  }

  #watch(client: Redis): void {
    client.on('ready', () => this.#update());
    client.on('close', () => {
      if (client === this.#subscriber) this.#subscribed = false;
      this.#silent.delete(client);
      this.failure ??= 'connection closed';
      this.#update();
    });
    client.on('error', (error: Error) => {
      this.failure = error.message;
      this.#options.logger.debug('redis connection failed', { error });
    });
  }

  async #subscribe(channel: string): Promise<void> {
    try {
      await this.#subscriber.subscribe(channel);
      this.#subscribed = true;
      this.#update();
    } catch (error) {
      this.#options.logger.debug('redis refused the subscription', { error });
      this.#subscriber.disconnect(true);
    }
  }

  #update(): void {
    const connected = this.#subscribed && this.commands.status === 'ready' && this.#silent.size === 0;
    if (this.#closed || connected === this.#connected) return;
    this.#connected = connected;
    if (connected) this.failure = undefined;
    this.#options.onConnectedChange(connected);
  }

  /** A connection that is cut somewhere on the way stays open here: only asking tells. */
  #beat(): void {
    for (const client of [this.commands, this.#subscriber]) {
      if (client.status !== 'ready' || this.#silent.has(client)) continue;
      client.ping().catch((error: unknown) => this.#dropSilent(client, error));
    }
  }

  #dropSilent(client: Redis, error: unknown): void {
    if (this.#closed || client.status !== 'ready' || this.#silent.has(client)) return;
    this.failure = error instanceof Error ? error.message : String(error);
    this.#silent.add(client);
    this.#update();
    client.disconnect(true);
  }
}

function clientOptions({ timeout }: RedisSettings): RedisOptions {
  return {
    connectTimeout: timeout,
    // Who does not answer does not say good-bye either.
    disconnectTimeout: 100,
    commandTimeout: timeout,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    keepAlive: timeout,
    // A replica after a fail-over: look for the primary again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: (attempt) => backOffDelay(backOff, attempt),
  };
}
