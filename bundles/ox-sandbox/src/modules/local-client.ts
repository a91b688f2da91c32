import { renderAnswer } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import type { Session } from '../session/sessions';
import type { Account } from '../store/contexts';
import { Call, type CallBody } from './call';
import { findAction, runAction } from './dispatch';
import { modules } from '.';
import { isBare, isDownload } from './module';
import type { OxServer } from './server';

/**
 * Acts for a user inside the server, by the same rules as a request from outside: what imports and the demonstration
 * data come in through.
 */
export class LocalClient {
  readonly #session: Session;

  constructor(
    private readonly server: OxServer,
    readonly account: Account,
  ) {
    const now = server.now();
    this.#session = {
      ...account,
      ...{ id: 'local', secret: '', publicId: '', route: '', client: 'local', userAgent: 'local', authId: undefined },
      ...{ ip: '127.0.0.1', locale: account.user.locale, loginTime: now, lastActive: now },
    };
  }

  /**
   * @param params - URL parameters; times are UTC
   * @returns `data` of the answer
   * @throws OxError
   */
  async request<T>(
    module: string,
    action: string,
    params: Readonly<Record<string, string>>,
    data?: unknown,
  ): Promise<T> {
    return this.#run<T>(module, action, params, { kind: 'json', value: data });
  }

  /** The same with bytes as the body. */
  async send<T>(module: string, action: string, params: Readonly<Record<string, string>>, bytes: Buffer): Promise<T> {
    return this.#run<T>(module, action, params, { kind: 'bytes', bytes });
  }

  async #run<T>(module: string, action: string, params: Readonly<Record<string, string>>, body: CallBody): Promise<T> {
    const { action: run, rest } = findAction(modules, module, action);
    const all: Readonly<Record<string, string>> = { timezone: 'UTC', ...params };
    const call = new Call(this.server, this.#session, { params: { get: (name) => all[name] }, body, rest });
    const reply = await runAction(run, call);
    if (isBare(reply) || isDownload(reply)) throw oxError('SVL-0020', 'not possible here');
    return (JSON.parse(renderAnswer(reply, this.server.style)) as { data: T }).data;
  }
}
