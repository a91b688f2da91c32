import { createHash } from 'node:crypto';
import { type Clock, type Instant, OxtenderError } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import type { EasConfig } from '../config';

/** The device asks too often; it is told when it may come back. [MS-ASHTTP] "Retry-After". */
export class Throttled extends OxtenderError<'THROTTLED'> {
  /** @param retryAfter - milliseconds */
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super('THROTTLED', message, { retryable: true });
  }
}

/** What is counted of one device, from a moment on. */
interface Count {
  readonly since: Instant;
  requests: number;
  /** The request that fails again and again. */
  failing?: { readonly fingerprint: string; readonly since: Instant; times: number };
}

/** Devices that are counted at a time; those that were quiet longest are forgotten. */
const maxDevices = 20_000;
const minute = 60_000;

/** A request as far as it tells a repeat from another one. */
export interface SentRequest {
  readonly command: string;
  readonly body?: Uint8Array | undefined;
}

/**
 * Slows down devices that would take the host's time for nothing: those that send more requests than the operator allows,
 * and those that send the same request again and again although it fails. Each device is counted by itself, for a
 * cloud service speaks for many users from one address.
 */
export class Throttle {
  readonly #counts = new LRUCache<string, Count>({ max: maxDevices });
  readonly #perMinute: number;
  readonly #failures: number;

  constructor(
    config: EasConfig,
    private readonly clock: Clock,
  ) {
    this.#perMinute = config['com.openexchange.usm.eas.throttle.requests_per_minute'];
    this.#failures = config['com.openexchange.usm.eas.throttle.repeated_failures'];
  }

  /** Counts a request. @throws Throttled */
  admit(device: string): void {
    if (this.#perMinute === 0) return;
    const now = this.clock.now();
    const count = this.#countOf(device, now);
    if (count.requests >= this.#perMinute)
      throw new Throttled(`more than ${this.#perMinute} requests in a minute`, count.since + minute - now);
    count.requests += 1;
  }

  /** @throws Throttled when the same request failed too often within the last minute */
  checkRepeat(device: string, request: SentRequest): void {
    const failing = this.#counts.get(device)?.failing;
    if (this.#failures === 0 || !failing || failing.times < this.#failures) return;
    const left = failing.since + minute - this.clock.now();
    if (left > 0 && failing.fingerprint === fingerprintOf(request))
      throw new Throttled(`the same ${request.command} failed ${failing.times} times within a minute`, left);
  }

  failed(device: string, request: SentRequest): void {
    if (this.#failures === 0) return;
    const now = this.clock.now();
    const count = this.#countOf(device, now);
    const fingerprint = fingerprintOf(request);
    const known = count.failing;
    if (known?.fingerprint === fingerprint && now < known.since + minute) known.times += 1;
    else count.failing = { fingerprint, since: now, times: 1 };
  }

  /** Whatever it was that failed, the device goes on. */
  succeeded(device: string): void {
    const count = this.#counts.get(device);
    if (count?.failing) delete count.failing;
  }

  #countOf(device: string, now: Instant): Count {
    const known = this.#counts.get(device);
    if (known && now < known.since + minute) return known;
    const fresh: Count = { since: now, requests: 0, ...(known?.failing && { failing: known.failing }) };
    this.#counts.set(device, fresh);
    return fresh;
  }
}

function fingerprintOf({ command, body = Buffer.alloc(0) }: SentRequest): string {
  return createHash('sha1').update(command).update('\0').update(body).digest('base64url');
}
