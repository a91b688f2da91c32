import { serviceToken } from '../framework/token';

/** What a step was about. Few words: never a password, nor content. @public */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What is known of a step. @public */
export interface SpanOptions {
  /** `server`: answers somebody; `client`: asks another server. Absent: a step within this one. */
  readonly kind?: 'server' | 'client';
  /** Begins a trace: for what is done now and then, on nobody's request, wherever it is called from. */
  readonly root?: boolean;
  /** Asked for when the step has ended, and only if somebody collects it. */
  readonly attributes?: () => SpanAttributes;
}

/**
 * Divides what a request makes happen into steps, which an operator sees as one trace. Costs nothing while nobody collects
 * traces.
 *
 * @public
 */
export interface Tracer {
  /**
   * Runs work as a step of the one that the caller is in, or as the first of a trace. What work throws is thrown on, and
   * marks the step as failed.
   *
   * @param name - one of few: `usm sync`, `ox contacts all`
   */
  span<T>(name: string, work: () => Promise<T>, options?: SpanOptions): Promise<T>;

  /**
   * Ties work that somebody else begins later, a listener or a timer, to the step that the caller is in now.
   *
   * @returns the same work; its steps are below the caller's, even when that has ended
   */
  bind<A extends unknown[], T>(work: (...args: A) => T): (...args: A) => T;
}

/** Host constant, one per bundle: `@Inject(Tracer)`. @public */
export const Tracer = serviceToken<Tracer>('host.Tracer');

/** For code that runs without the host. @public */
export const untraced: Tracer = { span: (_name, work) => work(), bind: (work) => work };
