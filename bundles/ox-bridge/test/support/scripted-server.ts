import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as the server sees it. */
export interface SeenCall {
  readonly method: string;
  readonly module: string;
  readonly action: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** It came inside of `multiple`. */
  readonly isPart?: boolean;
}

/** JSON to answer, a whole answer, or nothing: the connection is cut. */
export type ScriptedAnswer =
  | { readonly json: unknown }
  | {
      readonly status?: number;
      readonly headers?: Record<string, string | string[]>;
      readonly text: string | Uint8Array;
    }
  | 'cut'
  | 'silence';

export type Script = (call: SeenCall) => ScriptedAnswer | Promise<ScriptedAnswer>;

const user = { id: '3', display_name: 'Anna', email1: 'anna@example.com', timezone: 'Europe/Berlin', locale: 'de_DE' };

/** What every bridge asks at a login. */
const ordinary: Readonly<Record<string, unknown>> = {
  'login login': { session: 's1', user: 'anna', user_id: 3, context_id: 1, locale: 'de_DE' },
  'login logout': '',
  'user get': { data: user },
  'capabilities all': { data: ['webmail', 'contacts', 'calendar', 'tasks'].map((id) => ({ id })) },
  'config/mail/sendaddress get': { data: 'anna@example.com' },
  'config/serverVersion get': { data: '7.10.2-Rev1' },
  'calendar resolveuid': { error: 'none', code: 'CAL-4040', category: 8 },
};

/** An OX server that answers what a test tells it to. */
export class ScriptedServer implements AsyncDisposable {
  readonly calls: SeenCall[] = [];
  readonly #server: Server;

  private constructor(private readonly script: Readonly<Record<string, Script>>) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @param script - by `module action`; `*` is for all that is not named */
  static async start(script: Readonly<Record<string, Script>> = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ajax`;
  }

  /** Open connections. */
  async connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
  }

  /** Calls of a module's action, in order. */
  callsOf(name: string): SeenCall[] {
    return this.calls.filter(({ module, action }) => `${module} ${action}` === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const call: SeenCall = {
      method: request.method ?? 'GET',
      module: url.pathname.replace(/^\/ajax\//, ''),
      action: url.searchParams.get('action') ?? (url.pathname.endsWith('/multiple') ? 'multiple' : 'get'),
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(parts).toString('latin1'),
    };
    this.calls.push(call);
    this.#write(await this.#scripted(call), request, response);
  }

  async #scripted(call: SeenCall): Promise<ScriptedAnswer> {
    if (call.module === 'multiple' && !this.script['multiple multiple']) return this.#multiple(call);
    const name = `${call.module} ${call.action}`;
    const script = this.script[name] ?? (name in ordinary ? undefined : this.script['*']);
    if (script) return script(call);
    if (name in ordinary) return { json: ordinary[name] };
    return { json: { error: 'unknown', code: 'SVL-0001', category: 8 } };
  }

  /** Parts of `multiple` are scripted as if they came alone. */
  async #multiple(call: SeenCall): Promise<ScriptedAnswer> {
    const parts = JSON.parse(Buffer.from(call.body, 'latin1').toString('utf8')) as Record<string, unknown>[];
    const answers: unknown[] = [];
    for (const { module, action = 'get', data, ...parameters } of parts) {
      const query = new URLSearchParams(
        Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const part = {
        ...call,
        module: String(module),
        action: String(action),
        query,
        body: JSON.stringify(data ?? null),
        isPart: true,
      };
      this.calls.push(part);
      const answer = await this.#scripted(part);
      answers.push(typeof answer === 'object' && 'json' in answer ? answer.json : { error: 'no JSON', category: 8 });
    }
    return { json: answers };
  }

  #write(answer: ScriptedAnswer, request: IncomingMessage, response: ServerResponse): void {
    if (answer === 'silence') return;
    if (answer === 'cut') request.socket.destroy();
    else if ('json' in answer) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer.json));
    else response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.text);
  }
}

/** An error as OX reports it. */
export function oxError(code: string, category: number, more: Record<string, unknown> = {}): ScriptedAnswer {
  return { json: { error: 'Fehler', error_params: [], error_id: 'id-1', code, category, ...more } };
}
