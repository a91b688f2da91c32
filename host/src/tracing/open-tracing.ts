import type { Logger, Tracer } from '@oxtender/bundle-api';
import type { HostSettings } from '../launch/host-settings';

/** Traces that are collected. */
export interface Tracing extends AsyncDisposable {
  /** @param name - of the bundle whose steps they are */
  tracer(name: string): Tracer;
}

type TraceSettings = Pick<HostSettings, 'host.traces.endpoint' | 'host.traces.ratio'>;

/** Undefined where the operator wants no traces: nothing of what collects them is loaded then. */
export async function openTracing(settings: TraceSettings, log: Logger): Promise<Tracing | undefined> {
  const { 'host.traces.endpoint': endpoint, 'host.traces.ratio': ratio } = settings;
  if (endpoint === '') return undefined;
  const { OtlpTracing } = await import('./otlp-tracing.js');
  return new OtlpTracing({ endpoint, ratio, log });
}
