import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { type ByteStream, type Clock, GroupwareError } from '@oxtender/bundle-api';
import { type Dispatcher, Pool } from 'undici';
import type { OxConfig } from '../config';
import { type NodeAnswer, WholeAnswer } from './whole-answer';

export type { NodeAnswer };

/** A request to a node: path and query below the base path. */
export interface NodeRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  /** A function makes the body anew for each attempt. */
  readonly body?: string | Uint8Array | (() => ByteStream);
  readonly signal: AbortSignal;
  /** May be sent again when the connection breaks. */
  readonly repeatable: boolean;
}

/** How many times the time to wait for an answer's next part a whole answer may take. */
const longest = 5;

/** The longest time for which an overloaded server is believed, milliseconds. */
const longestRetryAfter = 3_600_000;

/** Errors of a connection that broke; the request may or may not have been executed. */
const connectionLost: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** An answer is larger than any that OX should give. */
const tooLarge = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/**
 * One OX server: its connections, and the circuit breaker that keeps requests away from it while it is out of order.
 */
export class OxNode {
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #pause: number;
  readonly #timeout: number;

  constructor(
    readonly url: string,
    config: OxConfig,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    const { origin, pathname } = new URL(url);
    this.#prefix = pathname.replace(/\/+$/, '');
    this.#pause = config['ox.breaker.pause'];
    this.#timeout = config['ox.timeout'];
    this.#pool = new Pool(origin, {
      connections: config['ox.connections'],
      connect: { timeout: config['ox.connect_timeout'] },
      headersTimeout: config['ox.timeout'],
      bodyTimeout: config['ox.timeout'],
      maxResponseSize: config['ox.answer_limit'],
    });
    this.#breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: this.#pause,
      breaker: new ConsecutiveBreaker(config['ox.breaker.failures']),
    });
  }

  /**
   * Sends a request and reads the whole answer. A repeatable request is sent a second time when its connection breaks.
   *
   * @throws GroupwareError UNAVAILABLE; or the signal's reason
   */
  async exchange(request: NodeRequest): Promise<NodeAnswer> {
    const attempt = (): Promise<NodeAnswer> =>
      this.#guarded(request.signal, async () => {
        const answer = await this.#ask(request);
        refuseOutage(answer.status, answer.headers, this.clock.now());
        return answer;
      });
    try {
      return await attempt();
    } catch (error) {
      if (request.repeatable && !request.signal.aborted && isConnectionLost(error)) return attempt();
      throw error;
    }
  }

  /** Sends a request and gives its answer's body as it comes. The caller reads or destroys the body. */
  async stream(request: NodeRequest): Promise<Dispatcher.ResponseData> {
    return this.#guarded(request.signal, async () => {
      const answer = await this.#send(request);
      if (answer.statusCode >= 400) {
        // What matters is the status; the page about it may be of any size.
        answer.body.destroy();
        answer.body.on('error', () => undefined);
        refuseOutage(answer.statusCode, answer.headers, this.clock.now());
      }
      return answer;
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #send(request: NodeRequest): Promise<Dispatcher.ResponseData> {
    return this.#pool.request({ ...this.#options(request), signal: request.signal });
  }

  #ask(request: NodeRequest): Promise<NodeAnswer> {
    const { signal } = request;
    const limits = { clock: this.clock, limit: longest * this.#timeout };
    return new Promise((resolve, reject) => {
      this.#pool.dispatch(this.#options(request), new WholeAnswer({ signal, ...limits, resolve, reject }));
    });
  }

  #options({ method, path, headers, body }: NodeRequest): Dispatcher.RequestOptions & Dispatcher.DispatchOptions {
    return {
      method,
      path: this.#prefix + path,
      headers,
      ...(body !== undefined && { body: typeof body === 'function' ? (body() as unknown as Buffer) : body }),
    };
  }

  async #guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await this.#breaker.execute(work);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isBrokenCircuitError(error))
        throw new GroupwareError('UNAVAILABLE', 'OX is out of order', { cause: error, retryAfter: this.#pause });
      if (codeOf(error) === undefined || error instanceof GroupwareError) throw error;
      if (codeOf(error) === tooLarge)
        throw new GroupwareError('BROKEN_ANSWER', 'OX answers without end', { cause: error });
      throw new GroupwareError('UNAVAILABLE', 'OX is not reachable', { cause: error });
    }
  }
}

/** What the breaker counts: the node is out of order, not one user's request, nor what is sent to it. */
function isOutage(error: Error): boolean {
  if (error instanceof GroupwareError) return error.backend['status'] !== 429;
  const code = codeOf(error);
  return code !== undefined && code !== 'UND_ERR_ABORTED' && code !== tooLarge;
}

function isConnectionLost(error: unknown): boolean {
  return connectionLost.has(codeOf(error instanceof GroupwareError ? error.cause : error));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function refuseOutage(status: number, headers: Dispatcher.ResponseData['headers'], now: number): void {
  if (status !== 429 && status !== 502 && status !== 503 && status !== 504) return;
  const retryAfter = millisecondsOf(String(headers['retry-after'] ?? ''), now);
  throw new GroupwareError('UNAVAILABLE', 'OX is out of order or overloaded', {
    backend: { status },
    ...(retryAfter > 0 && { retryAfter: Math.min(retryAfter, longestRetryAfter) }),
  });
}

/** Retry-After: seconds, or a date. */
function millisecondsOf(value: string, now: number): number {
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
}
