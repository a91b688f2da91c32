import type { Credentials, DeviceIdentity, HttpState, Logger, SyncSession } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import type { Contents, ContentStore } from '../content/contents';
import type { CommandCall, CommandParameters } from '../protocol/command';
import type { CommandName } from '../protocol/command-codes';
import type { ProtocolVersion } from '../protocol/versions';
import type { RequestLine } from './request-line';

/** What a call is made of. */
export interface CallParts {
  readonly context: Context;
  readonly line: RequestLine;
  readonly version: ProtocolVersion;
  readonly device: DeviceIdentity;
  readonly credentials: Credentials;
  readonly session: SyncSession;
  readonly contents: ContentStore;
  readonly log: Logger;
}

/** A call as it came over HTTP. What few commands need is worked out when it is asked for. */
export class HttpCall implements CommandCall {
  readonly command: CommandName;
  readonly version: ProtocolVersion;
  readonly device: DeviceIdentity;
  readonly credentials: Credentials;
  readonly session: SyncSession;
  readonly policyKey: number | undefined;
  readonly acceptMultiPart: boolean;
  readonly parameters: CommandParameters;
  readonly #context: Context;
  readonly #log: Logger;
  readonly #store: ContentStore;
  #contents: Contents | undefined;
  #childLog: Logger | undefined;

  constructor({ context, line, version, device, credentials, session, contents, log }: CallParts) {
    this.command = line.command;
    this.version = version;
    this.device = device;
    this.credentials = credentials;
    this.session = session;
    this.policyKey = line.policyKey;
    this.acceptMultiPart = line.acceptMultiPart;
    this.parameters = line.parameters;
    this.#context = context;
    this.#log = log;
    this.#store = contents;
  }

  get signal(): AbortSignal {
    return (this.#context.state as HttpState).signal;
  }

  get requestId(): string {
    return (this.#context.state as HttpState).requestId;
  }

  get languages(): readonly string[] {
    return this.#context.get('Accept-Language') === '' ? [] : this.#context.acceptsLanguages();
  }

  /** Kept until the answer is out. */
  get contents(): Contents {
    return (this.#contents ??= this.#openContents());
  }

  #openContents(): Contents {
    const contents = this.#store.contents();
    const { res } = this.#context;
    if (res.closed) void contents[Symbol.asyncDispose]();
    else res.once('close', () => void contents[Symbol.asyncDispose]());
    return contents;
  }

  get log(): Logger {
    const { command, requestId, device, session } = this;
    return (this.#childLog ??= this.#log.child({ requestId, command, user: session.user.login, device: device.id }));
  }
}
