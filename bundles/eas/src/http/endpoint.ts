import {
  type Clock,
  type Credentials,
  type DeviceIdentity,
  type HttpState,
  isOxtenderError,
  type Logger,
  type SpanAttributes,
  type SyncSession,
  type Tracer,
  untraced,
} from '@oxtender/bundle-api';
import type { Context } from 'koa';
import type { EasConfig } from '../config';
import { type Answer, type CommandCall, type Gate, LaterAnswer } from '../protocol/command';
import type { CommandEntry, CommandSet } from '../protocol/command-set';
import { Refused } from '../protocol/refused';
import { isWithin, parseVersion, type ProtocolVersion } from '../protocol/versions';
import type { DeviceTraces } from '../trace/device-traces';
import { Element, element, tagNamed } from '../wbxml';
import { BadRequest } from './bad-request';
import type { ContentStore } from '../content/contents';
import { HttpCall } from './call';
import { parseCredentials } from './credentials';
import { answerToError, type FailureAnswer } from './error-mapping';
import { Exchange } from './exchange';
import { methodHeaders, protocolHeaders } from './protocol-headers';
import { checkRedirects, Redirected } from './redirects';
import { receivedBody } from './received-body';
import { RecentDocuments } from './recent-documents';
import { receiveBody } from './request-body';
import { isDocument } from './request-document';
import { forgetHeaders } from './request-headers';
import { checkDevice, parseRequestLine, type RequestLine } from './request-line';
import type { RequestMeter } from './request-meter';
import type { Sessions } from './sessions';
import { Throttle } from './throttle';
import { WireLog } from './wire-log';

/** What the endpoint is made of. */
export interface EndpointParts {
  readonly commands: CommandSet;
  readonly sessions: Sessions;
  /** Asked in turn before a command runs: blocked devices, policies. */
  readonly gates: readonly Gate[];
  readonly config: EasConfig;
  /** For bodies and answers that are too large for memory. */
  readonly contents: ContentStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tracer?: Tracer;
  /** For operators who watch a device. */
  readonly traces?: DeviceTraces;
  readonly meter?: RequestMeter;
}

/** A request whose answer comes some time, and what it holds until then. */
interface Waiting {
  readonly later: LaterAnswer;
  readonly session: SyncSession;
}

/** Device id of Android's check of a new account; no device comes of it. */
const validationDeviceId = 'validate';

/** Exchange ActiveSync over HTTP: from request to command and from answer, or failure, to response. [MS-ASHTTP]. */
export class Endpoint {
  readonly #parts: EndpointParts;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #wire: WireLog | undefined;
  readonly #throttle: Throttle;
  readonly #documents = new RecentDocuments();

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.#headers = protocolHeaders(parts.commands.names);
    this.#throttle = new Throttle(parts.config, parts.clock);
    this.#wire = parts.config['com.openexchange.usm.eas.wire_log'] ? new WireLog(parts.log) : undefined;
  }

  /** Answers one request, whatever comes. Needs the `ctx.state` of {@link HttpState}. */
  readonly middleware = async (context: Context): Promise<void> => {
    const exchange = new Exchange(context, this.#parts.clock.now());
    try {
      const waiting = await this.#dispatch(exchange);
      if (waiting) {
        this.#letGo(exchange, waiting);
        return;
      }
      this.#succeed(exchange);
    } catch (error) {
      await this.#fail(error, exchange);
    }
    exchange.send();
  };

  /** From here on the request is but a promise; koa is told that somebody else answers. */
  #letGo(exchange: Exchange, waiting: Waiting): void {
    const { context } = exchange;
    context.respond = false;
    exchange.body = undefined;
    forgetHeaders(context.req);
    const finish = (): void => {
      this.#answerLater(exchange, waiting).catch((error: unknown) => context.onerror(error as Error));
    };
    // An async function that waited would be twice as large as this.
    waiting.later.answer.then(finish, finish);
  }

  async #answerLater(exchange: Exchange, { later, session }: Waiting): Promise<void> {
    try {
      await this.#answer(await later.answer, exchange);
      this.#succeed(exchange);
    } catch (error) {
      await this.#fail(error, exchange);
    } finally {
      session[Symbol.dispose]();
    }
    exchange.send();
  }

  #succeed(exchange: Exchange): void {
    const now = this.#parts.clock.now();
    this.#parts.log.info('request', exchange.logFields(now));
    this.#parts.meter?.record(exchange, now);
  }

  async #dispatch(exchange: Exchange): Promise<Waiting | undefined> {
    switch (exchange.context.method) {
      case 'OPTIONS':
        await this.#options(exchange);
        return undefined;
      case 'POST':
        return this.#post(exchange);
      default:
        throw new BadRequest('UNKNOWN_METHOD', `method ${exchange.context.method}`);
    }
  }

  async #options(exchange: Exchange): Promise<void> {
    await this.#verify(exchange);
    await exchange.answer(undefined, { ...this.#headers, ...methodHeaders });
  }

  async #post(exchange: Exchange): Promise<Waiting | undefined> {
    const { context } = exchange;
    const credentials = this.#credentials(exchange);
    const line = (exchange.line = parseRequestLine(queryIn(context.url), context.headers));
    const entry = this.#command(line, exchange);
    const version = (exchange.version = supportedVersion(line));
    if (!isWithin(version, entry.descriptor)) throw new Refused('COMMAND_NOT_SUPPORTED', `not in version ${version}`);
    checkDevice(line);
    if (line.deviceId === validationDeviceId) await this.#validate(exchange);

    const device = deviceOf(line, context);
    const session = await this.#parts.sessions.open(credentials, device, context.state);
    let isKept = false;
    try {
      exchange.countCalls(session.groupware.calls);
      const counted = (exchange.counted = `${credentials.login} ${device.id}`);
      this.#throttle.admit(counted);
      const { contents, log } = this.#parts;
      const call = new HttpCall({ context, line, version, device, credentials, session, contents, log });
      for (const gate of this.#parts.gates) await gate.check(call);
      const { tracer = untraced } = this.#parts;
      const attributes = (): SpanAttributes => ({
        'eas.version': version,
        'eas.device': device.id,
        'user.name': credentials.login,
      });
      const work = (): Promise<Answer | LaterAnswer> => this.#execute(entry, call, exchange);
      const answer = await tracer.span(`eas ${entry.descriptor.name}`, work, { attributes });
      isKept = answer instanceof LaterAnswer;
      if (answer instanceof LaterAnswer) return { later: answer, session };
      await this.#answer(answer, exchange);
      return undefined;
    } finally {
      if (!isKept) session[Symbol.dispose]();
    }
  }

  async #answer(answer: Answer, exchange: Exchange): Promise<void> {
    if (answer instanceof Element) this.#wire?.answer(answer, exchange.requestId);
    await exchange.answer(answer, exchange.descriptor?.advertises ? this.#headers : {});
    this.#parts.traces?.answer(exchange, answer);
    this.#throttle.succeeded(exchange.counted ?? '');
  }

  async #execute(
    { descriptor, command }: CommandEntry,
    call: CommandCall,
    exchange: Exchange,
  ): Promise<Answer | LaterAnswer> {
    const { context } = exchange;
    const contentType = context.headers['content-type'];
    const limit = this.#parts.config['com.openexchange.usm.eas.max_request_size'];
    const bytes = await receiveBody(context.req, limit, () => call.contents);
    const body = (exchange.body = await receivedBody(bytes, isDocument(contentType)));
    this.#parts.traces?.request(exchange, body);
    this.#throttle.checkRepeat(exchange.counted ?? '', { command: descriptor.name, body: body.document.bytes });
    this.#wire?.request(body, call.requestId);
    const request = this.#documents.read(exchange.counted ?? '', descriptor, body, contentType);
    return command.execute(request, call);
  }

  /** [MS-ASHTTP] "Authorization". @throws BadRequest NO_CREDENTIALS. @throws Redirected */
  #credentials(exchange: Exchange): Credentials {
    const { config } = this.#parts;
    const pattern = config['com.openexchange.usm.eas.login_pattern.domain_user'];
    const credentials = parseCredentials(exchange.context.headers.authorization, pattern);
    exchange.login = credentials.login;
    checkRedirects(credentials.login, config['com.openexchange.usm.eas.redirect']);
    return credentials;
  }

  async #verify(exchange: Exchange): Promise<void> {
    const { ip: address, headers, state } = exchange.context;
    const agent = headers['user-agent'];
    const options = { signal: (state as HttpState).signal, address, ...(agent ? { userAgent: agent } : {}) };
    await this.#parts.sessions.verify(this.#credentials(exchange), options);
  }

  /** Android asks for folders under a device id that is none, only to see whether the account works. */
  async #validate(exchange: Exchange): Promise<never> {
    await this.#verify(exchange);
    throw new Refused('SERVER_ERROR', 'a check of an account, not a device');
  }

  #command({ command }: RequestLine, exchange: Exchange): CommandEntry {
    const entry = this.#parts.commands.find(command);
    if (!entry) throw new BadRequest('UNKNOWN_COMMAND', `command ${command} is not offered`);
    exchange.descriptor = entry.descriptor;
    return entry;
  }

  /** The device is told what its version has words for, the log is told why. Nothing of the error goes out. */
  async #fail(error: unknown, exchange: Exchange): Promise<void> {
    const { context } = exchange;
    const { clock, log } = this.#parts;
    const gone = (context.state as HttpState).signal.aborted;
    const answer: FailureAnswer = gone ? { http: 503, retryAfter: 1 } : answerTo(error, exchange);
    if (answer.status !== undefined) exchange.status = answer.status;
    if (exchange.counted !== undefined && !gone && isInVain(answer))
      this.#throttle.failed(exchange.counted, {
        command: exchange.descriptor?.name ?? '',
        body: exchange.body?.document.bytes,
      });
    const document = documentOf(answer, exchange);
    const reply = await exchange.answer(document);
    reply.status = answer.http;
    Object.assign(reply.headers, failureHeaders(answer, error));
    this.#parts.traces?.answer(exchange, document, gone ? 'the device is gone' : codeOf(error));

    const fields = exchange.logFields(clock.now());
    this.#parts.meter?.record(exchange, clock.now());
    if (gone) log.info('request aborted', fields);
    else if (answer.serverFault) log.error('request failed', { ...fields, error });
    else log.warn('request refused', { ...fields, ...reasonOf(error) });
  }
}

function failureHeaders({ http, retryAfter }: FailureAnswer, error: unknown): Record<string, string> {
  return {
    ...(http === 401 && { 'WWW-Authenticate': 'Basic realm="ActiveSync", charset="UTF-8"' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    ...(error instanceof Redirected && { 'X-MS-Location': error.location }),
  };
}

/** Failures that the same request meets again: not those after which the device does something else, or waits. */
function isInVain({ http, status = 0 }: FailureAnswer): boolean {
  return http === 200 ? status < 140 || status > 144 : ![401, 403, 449, 451, 503].includes(http);
}

/** koa's own would be parsed anew, and kept as long as the request. */
function queryIn(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

function supportedVersion({ version }: RequestLine): ProtocolVersion {
  const supported = parseVersion(version);
  if (supported) return supported;
  if (version === '1.0' || version === '2.0') throw new BadRequest('ANCIENT_VERSION', `version ${version}`);
  throw new Refused('VERSION_NOT_SUPPORTED', version === '' ? 'no version' : `version '${version.slice(0, 20)}'`);
}

function deviceOf(line: RequestLine, { ip, headers }: Context): DeviceIdentity {
  const userAgent = headers['user-agent'];
  return {
    id: line.deviceId,
    type: line.deviceType,
    protocolVersion: line.version,
    address: ip,
    ...(userAgent ? { userAgent } : {}),
  };
}

function answerTo(error: unknown, exchange: Exchange): FailureAnswer {
  return error instanceof Redirected ? { http: 451 } : answerToError(error, exchange);
}

/** `<FolderSync><Status>142</Status></FolderSync>`. */
function documentOf({ status }: FailureAnswer, { descriptor }: Exchange): Element | undefined {
  const root = descriptor?.root;
  const tag = root && tagNamed(root.namespace, 'Status');
  return tag && status !== undefined ? element(root, element(tag, status)) : undefined;
}

function codeOf(error: unknown): string {
  return isOxtenderError(error) ? `${error.code}: ${error.message}` : 'an error of the server, see the log';
}

/** Why a request was refused: for the operator who is asked by a user. */
function reasonOf(error: unknown): Record<string, unknown> {
  if (!isOxtenderError(error)) return { error };
  return { code: error.code, reason: error.message };
}
