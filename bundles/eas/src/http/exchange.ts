import type { BackendCalls, HttpState } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import type { Answer, CommandDescriptor } from '../protocol/command';
import type { ProtocolVersion } from '../protocol/versions';
import type { ReceivedBody } from './received-body';
import { type Reply, replyOf, send } from './reply';
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

  #reply: Reply | undefined;
  /** What the user's session had cost at the groupware when the request began, and what it costs now. */
  #calls?: { readonly now: BackendCalls; readonly count: number; readonly milliseconds: number };

  constructor(
    readonly context: Context,
    readonly started: number,
  ) {}

  get policyKey(): number | undefined {
    return this.line?.policyKey;
  }

  /** HTTP status of the answer; 0 before that is made. */
  get http(): number {
    return this.#reply?.status ?? 0;
  }

  get requestId(): string {
    return (this.context.state as HttpState).requestId;
  }

  /** From now on. Where a bridge does not tell requests apart, calls of those that ran side by side are counted with both. */
  countCalls(calls: BackendCalls | undefined): void {
    if (calls) this.#calls = { now: calls, count: calls.count, milliseconds: calls.milliseconds };
  }

  /** Makes the answer that {@link Exchange.send} sends. A later one takes its place. */
  async answer(answer: Answer, headers?: Readonly<Record<string, string>>): Promise<Reply> {
    return (this.#reply = await replyOf(answer, this.context, headers));
  }

  send(): void {
    if (!this.#reply) return;
    // koa would look through the answer once more.
    this.context.respond = false;
    send(this.#reply, this.context.res);
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
      http: this.http,
      status: this.status,
      bytes: this.#reply?.headers['Content-Length'],
      durationMs: now - this.started,
      ...(this.#calls && {
        backendCalls: this.#calls.now.count - this.#calls.count,
        backendMs: this.#calls.now.milliseconds - this.#calls.milliseconds,
      }),
    };
  }
}
