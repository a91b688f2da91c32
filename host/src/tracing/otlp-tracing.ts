import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { isOxtenderError, type Logger, type SpanOptions, type Tracer } from '@oxtender/bundle-api';
import { hostname } from 'node:os';
import { ReportingExporter } from './reporting-exporter';
import type { Tracing } from './open-tracing';

/** Milliseconds that sending may take: the host does not stop before the last of them are sent or lost. */
const patience = 3000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

export interface OtlpOptions {
  /** URL of a collector that takes OTLP by HTTP. */
  readonly endpoint: string;
  /** Part of the traces that is collected, 0 to 1. */
  readonly ratio: number;
  readonly log: Logger;
}

/** Traces by OpenTelemetry. Its global registry is left alone: what a bundle brings along is the bundle's business. */
export class OtlpTracing implements Tracing {
  readonly #contexts = new AsyncLocalStorageContextManager().enable();
  readonly #provider: BasicTracerProvider;

  constructor({ endpoint, ratio, log }: OtlpOptions) {
    const exporter = new ReportingExporter(new OTLPTraceExporter({ url: endpoint, timeoutMillis: patience }), log);
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'oxtender', 'host.name': hostname() }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
  }

  tracer(name: string): Tracer {
    const tracer = this.#provider.getTracer(name);
    return {
      bind: (work) => this.#contexts.bind(this.#contexts.active(), work),
      span: (step, work, { kind, root, attributes } = {}) => {
        const parent = root === true ? ROOT_CONTEXT : this.#contexts.active();
        const span = tracer.startSpan(step, { kind: kind ? kinds[kind] : SpanKind.INTERNAL }, parent);
        const inner = trace.setSpan(parent, span);
        return this.#run(inner, span, work, attributes);
      },
    };
  }

  async #run<T>(
    context: Context,
    span: Span,
    work: () => Promise<T>,
    attributes: SpanOptions['attributes'],
  ): Promise<T> {
    try {
      return await this.#contexts.with(context, work);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: isOxtenderError(error) ? error.code : nameOf(error) });
      throw error;
    } finally {
      if (attributes && span.isRecording()) span.setAttributes(attributes());
      span.end();
    }
  }

  /** Sends what is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#provider.shutdown();
    } catch {
      // What could not be sent has been reported; it is no reason not to stop.
    }
    this.#contexts.disable();
  }
}

/** The message may hold what belongs to a user. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
