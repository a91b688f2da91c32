import { createHmac } from 'node:crypto';
import type { Logger } from '@oxtender/bundle-api';
import type { SandboxClock } from '../clock';
import type { OxSandboxOptions, WebhookTarget } from '../options';
import type { Contexts } from '../store/contexts';
import type { PushChannel, PushMessage } from './push';

/** A webhook's id is the client, its address the token. */
interface Subscription {
  readonly client: string;
  readonly token: string;
  readonly topics: string;
}

/** Answers that end a subscription. */
const final = new Set([403, 404, 405]);

/** Sends push messages by POST to targets that the configuration names. OX documentation, "Webhooks"; 8.18. */
export class Webhooks implements PushChannel, Disposable {
  readonly #stop = new AbortController();

  constructor(
    private readonly contexts: Contexts,
    private readonly targets: OxSandboxOptions['webhooks'],
    private readonly clock: SandboxClock,
    private readonly log: Logger | undefined,
  ) {}

  push(user: { context: number; id: number }, message: PushMessage): void {
    const { db } = this.contexts.open(user.context);
    const subscriptions = db.rows<Subscription>(
      `SELECT client, token, topics FROM push_subscription WHERE user = ? AND transport = 'webhooks'`,
      user.id,
    );
    for (const { client, token, topics } of subscriptions) {
      const target = Object.hasOwn(this.targets, client) ? this.targets[client] : undefined;
      if (target && wants(JSON.parse(topics) as string[], message.name)) void this.#post(user, token, target, message);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #post(
    user: { context: number; id: number },
    token: string,
    target: WebhookTarget,
    message: PushMessage,
  ): Promise<void> {
    const now = this.clock.now();
    const body = JSON.stringify({ ...message, timestamp: now });
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (target.secret) headers['Authorization'] = target.secret;
    if (target.signatureSecret) headers['X-OX-Signature'] = signature(target.signatureSecret, now, body);
    try {
      const { status } = await fetch(token, { method: 'POST', headers, body, signal: this.#stop.signal });
      if (final.has(status) && !this.#stop.signal.aborted)
        this.contexts
          .open(user.context)
          .db.run(
            `DELETE FROM push_subscription WHERE user = ? AND token = ? AND transport = 'webhooks'`,
            user.id,
            token,
          );
    } catch (error) {
      if (!this.#stop.signal.aborted) this.log?.warn('ox sandbox webhook failed', { token, error });
    }
  }
}

/** A topic matches itself, and `ox:mail:*` all that begins so. */
function wants(topics: readonly string[], name: string): boolean {
  return topics.some(
    (topic) => topic === '*' || topic === name || (topic.endsWith('*') && name.startsWith(topic.slice(0, -1))),
  );
}

function signature(secret: string, time: number, body: string): string {
  return `t=${time}, v1=${createHmac('sha256', secret).update(`v1:${time}:${body}`).digest('hex')}`;
}
