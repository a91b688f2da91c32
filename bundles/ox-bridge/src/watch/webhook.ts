import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChangeNotice, Logger } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import type { OxConfig } from '../config';
import type { OxClient } from '../http/ox-client';
import { type PushMessage, noticesOf, pushTopics } from './push-message';
import type { NoticeSource } from './watcher';

/** The client that OX pushes to, as at the login. */
const client = 'USM-EAS';

/** Bytes of a message at most. */
const longestMessage = 1_048_576;

/** Milliseconds that a signature is good for. */
const signatureLifetime = 300_000;

/**
 * Receives what OX pushes by webhook (8.18 and later), and hands it to the sources that listen. A message does not say
 * whose it is: all users with a subscription are told, and look.
 */
export class Webhooks {
  readonly #listeners = new Set<(notice: ChangeNotice) => void>();

  constructor(
    private readonly config: OxConfig,
    private readonly now: () => number,
    private readonly log: Logger,
  ) {}

  /** True when the administrator of OX has configured a webhook for this host. */
  get isConfigured(): boolean {
    return this.config['ox.webhook.id'] !== '';
  }

  /** Subscribes a user. OX ends a subscription by itself when nobody answers any more; another host may still. */
  source(of: OxClient): NoticeSource {
    const stop = new AbortController();
    let listener: ((notice: ChangeNotice) => void) | undefined;
    const body = { client, token: this.config['ox.webhook.id'], transport: 'webhooks', topics: pushTopics };
    return {
      start: (tell) => {
        listener = tell;
        this.#listeners.add(tell);
        of.call({ module: 'pns', action: 'subscribe', body }, stop).catch((error: unknown) => {
          if (!stop.signal.aborted) this.log.warn('webhook of OX not subscribed', { error });
        });
      },
      [Symbol.dispose]: () => {
        stop.abort();
        if (listener) this.#listeners.delete(listener);
      },
    };
  }

  /** Answers 204 to a good message and 403 to one that is not from OX, after which OX sends no more. */
  middleware(): Middleware {
    return async (context) => {
      if (context.method !== 'POST') {
        context.status = 405;
        return;
      }
      const body = await bodyOf(context.req);
      const isGenuine =
        body !== undefined && this.#isGenuine(context.get('Authorization'), context.get('X-OX-Signature'), body);
      context.status = isGenuine ? 204 : 403;
      if (isGenuine) this.#hear(body);
    };
  }

  #hear(body: Buffer): void {
    try {
      const message = JSON.parse(body.toString('utf8')) as PushMessage;
      for (const notice of noticesOf(message)) for (const tell of [...this.#listeners]) tell(notice);
    } catch (error) {
      this.log.warn('webhook of OX with a message that is not understood', { error });
    }
  }

  #isGenuine(authorization: string, signature: string, body: Buffer): boolean {
    const { 'ox.webhook.secret': secret, 'ox.webhook.signature_secret': key } = this.config;
    if (secret !== '' && !isEqual(authorization, secret)) return false;
    return key === '' ? secret !== '' : this.#isSigned(signature, key, body);
  }

  /** `t=<milliseconds>, v1=<hex HMAC-SHA256 of "v1:<t>:<body>">` */
  #isSigned(signature: string, key: string, body: Buffer): boolean {
    const [, time = '', value = ''] = /^t=(\d+),\s*v1=([0-9a-f]{64})$/i.exec(signature) ?? [];
    if (time === '' || Math.abs(this.now() - Number(time)) > signatureLifetime) return false;
    const expected = createHmac('sha256', key).update(`v1:${time}:`).update(body).digest('hex');
    return isEqual(value.toLowerCase(), expected);
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > longestMessage) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
