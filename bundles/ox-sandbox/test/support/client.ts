import { randomUUID } from 'node:crypto';

/** What an answer looks like. */
export interface Envelope<T = never> {
  readonly data: T;
  readonly timestamp: number;
  readonly error?: string;
  readonly code?: string;
  readonly category?: number;
  readonly categories?: string;
  readonly error_params?: string[];
  readonly problematic?: unknown[];
}

export type Params = Readonly<Record<string, string | number | boolean>>;

/** Sees each call and its answer: hook of the test against the vendor's description. */
export type Recorder = (call: {
  method: string;
  module: string;
  action: string;
  status: number;
  type: string;
  body: string;
}) => void;

const recorders = new Set<Recorder>();

export function record(recorder: Recorder): Disposable {
  recorders.add(recorder);
  return { [Symbol.dispose]: () => void recorders.delete(recorder) };
}

/** A client of the HTTP API that does what a careful client does: one cookie jar, one User-Agent, UTC times. */
export class OxClient {
  readonly cookies = new Map<string, string>();
  session = '';
  userId = 0;
  userAgent = 'Open-Xchange USM HTTP Client';

  constructor(readonly url: string) {}

  static async login(url: string, name = 'alice@example.com', password = 'secret'): Promise<OxClient> {
    const client = new OxClient(url);
    await client.login(name, password);
    return client;
  }

  async login(
    name: string,
    password: string,
    client = 'USM-EAS',
  ): Promise<Envelope & { session: string; user_id: number }> {
    const form = new URLSearchParams({ name, password, client, version: '1' });
    const response = await this.fetch(`login?action=login&authId=${randomUUID()}`, { method: 'POST', body: form });
    const answer = JSON.parse(await response.text()) as Envelope & { session: string; user_id: number };
    this.session = answer.session;
    this.userId = answer.user_id;
    return answer;
  }

  get<T>(module: string, action: string, params: Params = {}): Promise<Envelope<T>> {
    return this.#call<T>('GET', module, action, params, undefined);
  }

  put<T>(module: string, action: string, params: Params, body: unknown): Promise<Envelope<T>> {
    return this.#call<T>(
      'PUT',
      module,
      action,
      params,
      typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    );
  }

  /** An upload; the answer is taken out of its page. */
  async post<T>(module: string, action: string, params: Params, form: FormData): Promise<Envelope<T>> {
    const response = await this.raw('POST', module, action, params, form);
    const text = await response.text();
    const json = text.startsWith('<') ? text.slice(text.indexOf('({') + 1, text.lastIndexOf('}') + 1) : text;
    return JSON.parse(json) as Envelope<T>;
  }

  /** The response as it is. */
  async raw(
    method: string,
    module: string,
    action: string,
    params: Params = {},
    body?: RequestInit['body'],
  ): Promise<Response> {
    const query = new URLSearchParams({
      ...(action === '' ? {} : { action }),
      session: this.session,
      timezone: 'UTC',
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
    });
    return this.fetch(`${module}?${query.toString()}`, { method, ...(body === undefined ? {} : { body }) });
  }

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('User-Agent', this.userAgent);
    headers.set('Cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(`${this.url}/${path}`, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async #call<T>(
    method: string,
    module: string,
    action: string,
    params: Params,
    body: string | Uint8Array | undefined,
  ): Promise<Envelope<T>> {
    const response = await this.raw(method, module, action, params, body as RequestInit['body']);
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const variant = ['src', 'hdr'].find((name) => name in params);
    const name = variant === undefined ? action : `${action}&${variant}=1`;
    for (const recorder of recorders)
      recorder({ method, module, action: name, status: response.status, type, body: text });
    return JSON.parse(text) as Envelope<T>;
  }
}
