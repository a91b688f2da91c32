import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A step of a trace as it comes in. OTLP 1.x, "Span". */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  /** Nanoseconds since 1970. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface ExportRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[] }[];
}

/** A collector that takes OTLP by HTTP as JSON. */
export class TraceCollector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = [];
  readonly #server: Server;
  #told: () => void = () => undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString('utf8')) as ExportRequest;
        for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) this.spans.push(...spans);
        this.#told();
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
  }

  static async start(): Promise<TraceCollector> {
    const own = new TraceCollector();
    own.#server.listen(0, '127.0.0.1');
    await once(own.#server, 'listening');
    return own;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  /** Waits until what has come in is as wanted. */
  async until(wanted: () => boolean): Promise<void> {
    while (!wanted()) await new Promise<void>((resolve) => (this.#told = resolve));
  }

  /** Steps from the first of a trace down to this one, by name. */
  pathTo(span: CollectedSpan): string[] {
    const parent = this.spans.find(({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId);
    return [...(parent ? this.pathTo(parent) : []), span.name];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An attribute of a step; undefined when it has none of that name. */
export function attributeOf({ attributes }: CollectedSpan, name: string): unknown {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value && Object.values(value)[0];
}
