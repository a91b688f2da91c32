import { VendorDescription } from '@oxtender/ox-sandbox/vendor-description';
import type { Middleware } from 'koa';

/** Calls of which a server says that it does not know them, or that the session is gone: asked to find that out. */
const unknown = /^SVL-000[17]$|^SES-/;

interface Action {
  count: number;
  readonly faults: Set<string>;
}

/** Holds each request of the bridge, and each answer of the sandbox, against the vendor's description. */
export class Traffic {
  readonly #actions = new Map<string, Action>();
  #calls = 0;

  private constructor(private readonly description: VendorDescription) {}

  /** Undefined where the vendor's description is not there. */
  static open(): Traffic | undefined {
    const description = VendorDescription.load();
    return description && new Traffic(description);
  }

  get calls(): number {
    return this.#calls;
  }

  get actions(): number {
    return this.#actions.size;
  }

  /** Those of the calls that nobody made. */
  unseen(calls: readonly string[]): string[] {
    return calls.filter((call) => !this.#actions.has(call));
  }

  /** By call, what does not fit. */
  get faults(): Record<string, string[]> {
    const faulty = [...this.#actions].filter(([, { faults }]) => faults.size > 0);
    return Object.fromEntries(faulty.map(([call, { faults }]) => [call, [...faults]]));
  }

  /** To be used before the sandbox. */
  middleware(): Middleware {
    return async (context, next) => {
      const parts: Buffer[] = [];
      // The sandbox reads the request itself: what the socket hands over is copied on its way.
      const push = context.req.push.bind(context.req);
      context.req.push = (chunk: Buffer | null) => {
        if (chunk) parts.push(chunk);
        return push(chunk);
      };
      await next();
      if (context.path.endsWith('/sandbox')) return;
      const url = new URL(context.url, 'http://localhost');
      this.#record({
        method: context.method,
        module: url.pathname.replace(/^\/ajax\//, ''),
        parameters: url.searchParams,
        body: context.is('application/json')
          ? (JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown)
          : undefined,
        // Of a refusal by HTTP the page is not described.
        answer: context.status < 400 ? jsonOf(context.response.is('json', 'javascript'), context.body) : undefined,
      });
    };
  }

  #record(exchange: Exchange): void {
    const { module, body, answer } = exchange;
    if (module === 'multiple') this.#recordParts(body, answer);
    else this.#recordOne(exchange);
  }

  /** Parts of `multiple` are what they would be alone. */
  #recordParts(body: unknown, answers: unknown): void {
    (body as Record<string, unknown>[]).forEach(({ module, data, ...fields }, index) => {
      const parameters = new URLSearchParams(
        Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const method = data === undefined ? 'GET' : 'PUT';
      const answer: unknown = Array.isArray(answers) ? answers[index] : undefined;
      this.#recordOne({ method, module: String(module), parameters, body: data, answer });
    });
  }

  #recordOne({ method, module, parameters, body, answer }: Exchange): void {
    const plain = parameters.get('action') ?? '';
    const variant = plain === 'get' && ['src', 'hdr'].find((name) => parameters.has(name));
    const action = variant ? `${plain}&${variant}=1` : plain;
    const given = new Map([...parameters].filter(([name]) => !['action', 'session', variant].includes(name)));
    const call = `${method} /${module}${action === '' ? '' : `?action=${action}`}`;
    const entry = this.#entry(call);
    const requestFaults = this.description.requestErrors(method, module, action, { parameters: given, body });
    const code = (answer as { code?: string } | undefined)?.code ?? '';
    if (!requestFaults) {
      if (!unknown.test(code) && this.description.undescribed(method, module, action) === undefined)
        entry.faults.add('is not described');
      return;
    }
    for (const fault of requestFaults) entry.faults.add(`request: ${fault}`);
    if (answer === undefined) return;
    for (const { instancePath, message = '', params } of this.description.errors(method, module, action, answer) ?? [])
      entry.faults.add(`answer: ${instancePath.replace(/\/\d+/g, '/#')} ${message} ${JSON.stringify(params)}`);
  }

  #entry(call: string): Action {
    this.#calls += 1;
    const entry = this.#actions.get(call) ?? { count: 0, faults: new Set<string>() };
    this.#actions.set(call, entry);
    entry.count += 1;
    return entry;
  }
}

interface Exchange {
  readonly method: string;
  readonly module: string;
  readonly parameters: URLSearchParams;
  readonly body: unknown;
  readonly answer: unknown;
}

function jsonOf(isJson: string | false | null, body: unknown): unknown {
  if (!isJson || (typeof body !== 'string' && !Buffer.isBuffer(body))) return undefined;
  return JSON.parse(body.toString());
}
