import type { BackendCalls, HttpState } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import type { CommandDescriptor } from '../protocol/command';
import type { ProtocolVersion } from '../protocol/versions';
import type { ReceivedBody } from './received-body';
import type { RequestLine } from './request-line';

/** What has become known of a request while it is worked on; for the answer to a failure, and for the log. */
export class Exchange {
  line?: RequestLine;
  version?: ProtocolVersion;
  descriptor?: CommandDescriptor;
  /** Of the credentials. */
  login?: string;
  /** The device in the throttle's counts, from when its user is known to be who he says he is. */
  counted?: string;
  body: ReceivedBody | undefined;
  /** Status element of an answer that holds nothing else. */
  status?: number;

  /** What the user's session had cost at the groupware when the request began, and what it costs now. */
  #calls?: { readonly now: BackendCalls; readonly count: number; readonly milliseconds: number };

  constructor(
    readonly context: Context,
    readonly started: number,
  ) {}

  get policyKey(): number | undefined {
    return this.line?.policyKey;
  }

  get requestId(): string {
    return (this.context.state as HttpState).requestId;
  }

  /** From now on. Where a bridge does not tell requests apart, calls of those that ran side by side are counted with both. */
  countCalls(calls: BackendCalls | undefined): void {
    if (calls) this.#calls = { now: calls, count: calls.count, milliseconds: calls.milliseconds };
  }

  /** Fields of the request's one line in the log. */
  logFields(now: number): Record<string, unknown> {
    const { line, context } = this;
    return {
      requestId: this.requestId,
      method: context.method,
      command: line?.command,
      version: line?.version,
      user: this.login ?? line?.user,
      device: line?.deviceId,
      deviceType: line?.deviceType,
      http: context.status,
      status: this.status,
      bytes: context.length,
      durationMs: now - this.started,
      ...(this.#calls && {
        backendCalls: this.#calls.now.count - this.#calls.count,
        backendMs: this.#calls.now.milliseconds - this.#calls.milliseconds,
      }),
    };
  }
}
