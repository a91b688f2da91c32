import { type Element, decode, encode } from '@oxtender/eas';
import { Agent, request } from 'undici';
import { type QueryParts, base64Query, plainQuery } from './base64-query';
import type { DeviceProfile } from './profile';

export interface Account {
  /** For example `https://host`; the path is added unless it is there. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** What came back for one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The decoded WBXML; undefined when the body is empty or something else. */
  readonly element: Element | undefined;
}

export interface CommandOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** In place of an encoded element. */
  readonly rawBody?: Uint8Array;
  readonly acceptMultiPart?: boolean;
}

/** One device's line to a server: knows requests and answers, nothing of their meaning. */
export class Connection implements AsyncDisposable {
  policyKey = '0';
  version: string;
  readonly #agent = new Agent({ connections: 4, headersTimeout: 0, bodyTimeout: 0 });

  constructor(
    readonly account: Account,
    readonly profile: DeviceProfile,
    readonly deviceId: string,
  ) {
    this.version = profile.version;
  }

  /** Headers of the answer to OPTIONS, and its status. */
  async options(): Promise<Answer> {
    return this.#send('OPTIONS', '', { Authorization: this.#authorization() });
  }

  async command(command: string, body?: Element, options: CommandOptions = {}): Promise<Answer> {
    const parts: QueryParts = {
      command,
      version: this.version,
      deviceId: this.deviceId,
      deviceType: this.profile.deviceType,
      policyKey: this.policyKey,
      parameters: options.parameters ?? {},
      ...(options.acceptMultiPart ? { acceptMultiPart: true } : {}),
    };
    const base64 = this.profile.base64 && Number(this.version) >= 12.1;
    const query = base64 ? base64Query(parts) : plainQuery(parts, this.account.user);
    const bytes = options.rawBody ?? (body ? encode(body) : undefined);
    const headers = {
      Authorization: this.#authorization(),
      'User-Agent': this.profile.userAgent,
      ...(base64 ? {} : this.#plainHeaders(options)),
      ...(bytes ? { 'Content-Type': 'application/vnd.ms-sync.wbxml' } : {}),
      ...options.headers,
    };
    return this.#send('POST', `?${query}`, headers, bytes, options.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close();
  }

  #plainHeaders(options: CommandOptions): Record<string, string> {
    return {
      'MS-ASProtocolVersion': this.version,
      'X-MS-PolicyKey': this.policyKey,
      ...(options.acceptMultiPart ? { 'MS-ASAcceptMultiPart': 'T' } : {}),
    };
  }

  #authorization(): string {
    return `Basic ${Buffer.from(`${this.account.user}:${this.account.password}`).toString('base64')}`;
  }

  async #send(
    method: 'OPTIONS' | 'POST',
    query: string,
    headers: Record<string, string>,
    body?: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const answer = await request(`${endpointOf(this.account.url)}${query}`, {
      method,
      headers,
      dispatcher: this.#agent,
      ...(body ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const isWbxml = String(answer.headers['content-type'] ?? '').startsWith('application/vnd.ms-sync.wbxml');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: bytes,
      element: isWbxml && bytes.length > 0 ? decode(bytes) : undefined,
    };
  }
}

/** The account's URL, with the path added unless it is there. */
function endpointOf(url: string): string {
  const trimmed = url.replace(/\/+$/, '');
  return /\/microsoft-server-activesync$/i.test(trimmed) ? trimmed : `${trimmed}/Microsoft-Server-ActiveSync`;
}
