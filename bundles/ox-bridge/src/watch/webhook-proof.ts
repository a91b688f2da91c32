import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { OxConfig } from '../config';

/** Milliseconds that a signature is good for. */
const lifetime = 300_000;

/** Signatures remembered: within their lifetime more messages than these are not expected. */
const remembered = 50_000;

/** What a message proves itself with. */
export interface ProofHeaders {
  readonly authorization: string;
  readonly signature: string;
}

/** Tells whether a message is from OX. OX documentation, "Webhooks". */
export class WebhookProof {
  readonly #seen = new LRUCache<string, true>({ max: remembered });

  constructor(
    private readonly config: OxConfig,
    private readonly now: () => number,
  ) {}

  /** The part of an address that stands for a user: the same on each host and after each start, and not to be guessed. */
  nameOf(contextId: number, userId: number): string {
    const { 'ox.webhook.secret': secret, 'ox.webhook.signature_secret': key } = this.config;
    return createHmac('sha256', key || secret)
      .update(`${contextId}/${userId}`)
      .digest('hex')
      .slice(0, 32);
  }

  isGenuine({ authorization, signature }: ProofHeaders, body: Buffer): boolean {
    const { 'ox.webhook.secret': secret, 'ox.webhook.signature_secret': key } = this.config;
    if (secret !== '' && !isEqual(authorization, secret)) return false;
    return key === '' ? secret !== '' : this.#isSigned(signature, key, body);
  }

  /** True for a signed message that came before, sent on by somebody else or by a proxy. */
  isRepeated({ signature }: ProofHeaders): boolean {
    if (this.config['ox.webhook.signature_secret'] === '') return false;
    if (this.#seen.has(signature)) return true;
    this.#seen.set(signature, true);
    return false;
  }

  /** `t=<milliseconds>, v1=<hex HMAC-SHA256 of "v1:<t>:<body>">` */
  #isSigned(signature: string, key: string, body: Buffer): boolean {
    const [, time = '', value = ''] = /^t=(\d+),\s*v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    if (time === '' || Math.abs(this.now() - Number(time)) > lifetime) return false;
    const expected = createHmac('sha256', key).update(`v1:${time}:`).update(body).digest('hex');
    return isEqual(value, expected);
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
