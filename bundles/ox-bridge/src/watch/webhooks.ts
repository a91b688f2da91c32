import type { ChangeNotice, Clock, GroupwareUser, Logger } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import type { OxConfig } from '../config';
import type { OxClient } from '../http/ox-client';
import { type PushMessage, noticesOf, pushTopics } from './push-message';
import type { NoticeSource } from './watcher';
import { WebhookProof } from './webhook-proof';

/** Bytes of a message at most. */
const longestMessage = 1_048_576;

/** Milliseconds after which a subscription is made again: OX ends it after an answer that it did not like, or in time. */
const renewal = 3_600_000;

type Tell = (notice: ChangeNotice) => void;

/**
 * Receives what OX pushes by webhook (8.18 and later), and hands it to the sources that listen. A message does not say whose
 * it is, so that each user is subscribed with an address of his own below that of the host, where that is known; else all
 * who listen are told, and look.
 */
export class Webhooks {
  /** Who listens, by the user's part of the address; empty: everybody's. */
  readonly #listeners = new Map<string, Set<Tell>>();
  readonly #proof: WebhookProof;

  constructor(
    private readonly config: OxConfig,
    private readonly clock: Pick<Clock, 'now' | 'setInterval'>,
    private readonly log: Logger,
  ) {
    this.#proof = new WebhookProof(config, () => clock.now());
  }

  /** True when the administrator of OX has configured a webhook for this host. */
  get isConfigured(): boolean {
    return this.config['ox.webhook.id'] !== '';
  }

  /** Subscribes a user for as long as somebody listens. OX ends the subscription when it is told that nobody does. */
  source(client: OxClient, { contextId, userId }: GroupwareUser): NoticeSource {
    const stop = new AbortController();
    const url = this.config['ox.webhook.url'];
    const name = url === '' ? '' : this.#proof.nameOf(contextId, userId);
    const address = url === '' ? '' : `${url.replace(/\/+$/, '')}/${name}`;
    const subscribe = (): void => void this.#subscribe(client, address, stop.signal);
    let listening: Disposable | undefined;
    let renewing: Disposable | undefined;
    return {
      start: (tell) => {
        listening = this.#listen(name, tell);
        renewing = this.clock.setInterval(subscribe, renewal);
        subscribe();
      },
      [Symbol.dispose]: () => {
        stop.abort();
        renewing?.[Symbol.dispose]();
        listening?.[Symbol.dispose]();
      },
    };
  }

  /** 204: heard. 403: not from OX. 404: nobody listens. 405: no POST. After one of the last three, OX sends no more. */
  middleware(): Middleware {
    return async (context) => {
      if (context.method !== 'POST') {
        context.status = 405;
        return;
      }
      const body = await bodyOf(context.req);
      const headers = { authorization: context.get('Authorization'), signature: context.get('X-OX-Signature') };
      context.status = body ? this.#receive(nameIn(context.path), headers, body) : 413;
      if (context.status === 403)
        this.log.warn('a message to the webhook is not from OX: compare ox.webhook.* with webhooks.yml', {
          address: context.ip,
        });
    };
  }

  #receive(name: string, headers: Parameters<WebhookProof['isGenuine']>[0], body: Buffer): number {
    if (!this.#proof.isGenuine(headers, body)) return 403;
    const listeners = this.#listeners.get(name);
    // An address that all share is right for others who come later.
    if (!listeners) return name === '' ? 204 : 404;
    if (!this.#proof.isRepeated(headers)) this.#hear(body, listeners);
    return 204;
  }

  #hear(body: Buffer, listeners: ReadonlySet<Tell>): void {
    try {
      const message = JSON.parse(body.toString('utf8')) as PushMessage;
      for (const notice of noticesOf(message)) for (const tell of [...listeners]) tell(notice);
    } catch (error) {
      this.log.warn('webhook of OX with a message that is not understood', { error });
    }
  }

  #listen(name: string, tell: Tell): Disposable {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(tell));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(tell);
        if (listeners.size === 0) this.#listeners.delete(name);
      },
    };
  }

  /** OX takes the webhook's id as the client, and its address as the token; without one, that of its own configuration. */
  async #subscribe(client: OxClient, address: string, signal: AbortSignal): Promise<void> {
    const { 'ox.webhook.id': id } = this.config;
    const body = { client: id, token: address, transport: 'webhooks', topics: pushTopics };
    try {
      await client.call({ module: 'pns', action: 'subscribe', body, repeatable: true }, { signal });
    } catch (error) {
      if (!signal.aborted)
        this.log.warn('OX does not take the webhook: see webhooks.yml there', { webhook: id, error });
    }
  }
}

/** The part of the path below the webhook's own. */
function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
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
