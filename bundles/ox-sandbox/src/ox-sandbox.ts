import type { HttpUpgrade, Logger } from '@oxtender/bundle-api';
import type { Context, Middleware } from 'koa';
import { type EnvelopeStyle, renderAnswer, renderError } from './envelope/envelope';
import { OxError, oxError } from './envelope/ox-error';
import { BodyTooLarge, readBytes, readForm } from './http/body';
import type { SandboxClock } from './clock';
import { Knobs } from './http/knobs';
import { RateLimit } from './http/rate-limit';
import { writeCallback, writeDownload, writeEnvelope, writeForbiddenPage } from './http/respond';
import { Call, type CallBody } from './modules/call';
import { findAction, runAction } from './modules/dispatch';
import { modulesOf } from './modules';
import { loginActions, sessionOf, userAgentOf, writeLoginError } from './modules/login';
import { type Module, type Reply, isBare, isDownload } from './modules/module';
import { answerMultiple } from './modules/multiple';
import type { OxServer } from './modules/server';
import { type OxSandboxOptions, defaultOptions } from './options';
import { Events } from './push/events';
import { Push } from './push/push';
import { WebSockets } from './push/web-sockets';
import { Webhooks } from './push/webhooks';
import { type Session, Sessions } from './session/sessions';
import { Contexts } from './store/contexts';

export interface OxSandboxSetup {
  /** SQLite file of context 1, or `:memory:`. */
  readonly file: string;
  readonly clock: SandboxClock;
  readonly options?: Partial<OxSandboxOptions>;
  readonly log?: Logger;
}

/** An Open-Xchange server: the HTTP API over SQLite. Usable without the host: mount the middleware on any koa. */
export class OxSandbox implements OxServer, Disposable {
  readonly options: OxSandboxOptions;
  readonly contexts: Contexts;
  readonly sessions: Sessions;
  readonly events = new Events();
  readonly log: Logger | undefined;
  readonly style: EnvelopeStyle;
  readonly #clock: SandboxClock;
  readonly #knobs: Knobs | undefined;
  readonly #webSockets: WebSockets | undefined;
  readonly #held: Disposable[];
  readonly #modules: Readonly<Record<string, Module>>;
  readonly #rateLimit: RateLimit;
  #errors = 0;

  constructor({ file, clock, options, log }: OxSandboxSetup) {
    this.options = { ...defaultOptions, ...options };
    this.log = log;
    this.#clock = clock;
    const now = (): number => clock.now();
    this.contexts = new Contexts(file, now);
    this.sessions = new Sessions(this.options, now);
    this.#knobs = this.options.knobs ? new Knobs(this.sessions, clock) : undefined;
    this.#rateLimit = new RateLimit(this.options.maxRate, this.options.maxRateTimeWindow, now);
    const modern = this.options.imitate !== '6.x';
    this.#modules = modulesOf[this.options.imitate];
    const node = Math.floor(now()).toString(36);
    this.style = { modern, errorId: () => `${node}-${++this.#errors}` };
    const push = new Push(this.events, clock, this.options.pushDelay);
    const webhooks = new Webhooks(this.contexts, this.options.webhooks, clock, log);
    this.#webSockets = modern && this.options.webSocket ? new WebSockets(this.sessions) : undefined;
    if (this.#webSockets) push.open(this.#webSockets);
    if (Object.keys(this.options.webhooks).length > 0) push.open(webhooks);
    this.#held = [push, webhooks, ...(this.#webSockets ? [this.#webSockets] : [])];
  }

  /** Takes connections to `/socket.io`; undefined where web sockets are switched off. */
  get webSockets(): HttpUpgrade | undefined {
    return this.#webSockets;
  }

  now(): number {
    return this.#clock.now();
  }

  beforePart(session: Session, module: string, action: string): Promise<void> | undefined {
    return this.#knobs?.beforePart(session, module, action);
  }

  /**
   * Answers everything below the prefix, and what the host has already cut the prefix from.
   *
   * @param prefix - `/ajax`, or `/appsuite/api` as App Suite installations have it
   */
  middleware(prefix = '/ajax'): Middleware {
    return async (ctx) => {
      const path = ctx.path.startsWith(`${prefix}/`) ? ctx.path.slice(prefix.length) : ctx.path;
      await this.#answer(ctx, path.replace(/^\/+|\/+$/g, ''));
    };
  }

  [Symbol.dispose](): void {
    for (const held of this.#held) held[Symbol.dispose]();
    this.sessions.endAll();
    this.contexts[Symbol.dispose]();
  }

  async #answer(ctx: Context, path: string): Promise<void> {
    if (!this.#rateLimit.admit(ctx.ip, userAgentOf(ctx))) {
      ctx.status = 429;
      return;
    }
    try {
      if (this.#knobs) await this.#answerWithFaults(this.#knobs, ctx, path);
      else await this.#run(ctx, path);
    } catch (cause) {
      if (!(cause instanceof BodyTooLarge)) throw cause;
      ctx.status = 413;
      ctx.set('Connection', 'close');
    }
  }

  async #run(ctx: Context, path: string): Promise<void> {
    if (path === 'login') await this.#login(ctx);
    else await this.#act(ctx, path);
  }

  async #answerWithFaults(knobs: Knobs, ctx: Context, path: string): Promise<void> {
    try {
      if (path === 'sandbox') {
        writeEnvelope(ctx, renderAnswer({ data: knobs.turn(ctx) }, this.style), this.style.modern);
        return;
      }
      if (knobs.down) {
        ctx.status = 503;
        return;
      }
      const faults = knobs.take(path, String(ctx.query['action'] ?? ''));
      if (await knobs.before(faults, ctx)) return;
      await this.#run(ctx, path);
      await knobs.after(faults, ctx);
    } catch (cause) {
      if (cause instanceof BodyTooLarge) throw cause;
      writeEnvelope(ctx, renderError(this.toOxError(cause), this.style), this.style.modern);
    }
  }

  async #login(ctx: Context): Promise<void> {
    const call = { server: this, ctx, style: this.style };
    const name = String(ctx.query['action'] ?? '');
    const action = Object.hasOwn(loginActions, name) ? loginActions[name] : undefined;
    try {
      if (!action) throw oxError('SVL-0001', name);
      await action(call);
    } catch (cause) {
      writeLoginError(call, this.toOxError(cause));
    }
  }

  async #act(ctx: Context, path: string): Promise<void> {
    const name = typeof ctx.query['action'] === 'string' ? ctx.query['action'] : '';
    const upload = ctx.method === 'POST' && Boolean(ctx.is('multipart/form-data'));
    const write = (text: string): void => {
      const callback = upload && ctx.query['plainJson'] !== 'true';
      const page = path === 'import' ? 'import' : name;
      if (callback) writeCallback(ctx, page, text);
      else writeEnvelope(ctx, text, this.style.modern);
    };
    try {
      const body = await this.#body(ctx, upload);
      const session = sessionOf({ server: this, ctx });
      const params = new URLSearchParams(ctx.querystring);
      const read = { get: (key: string): string | undefined => params.get(key) ?? undefined };
      if (path === 'multiple') {
        writeEnvelope(
          ctx,
          await answerMultiple(this, this.#modules, session, { params: read, body }),
          this.style.modern,
        );
        return;
      }
      const { action, rest } = findAction(this.#modules, path, name || ctx.method.toLowerCase());
      const reply = await runAction(action, new Call(this, session, { params: read, body, rest }));
      this.#write(ctx, reply, write);
    } catch (cause) {
      if (cause instanceof BodyTooLarge) throw cause;
      const error = this.toOxError(cause);
      if (error.code.startsWith('SES-') && wantsPage(ctx)) writeForbiddenPage(ctx, error.message);
      else write(renderError(error, this.style));
    }
  }

  async #body(ctx: Context, upload: boolean): Promise<CallBody> {
    const limit = this.options.maxUploadSize;
    if (upload) return { kind: 'form', form: await readForm(ctx.req, limit) };
    if (ctx.method === 'GET') return { kind: 'json', value: undefined };
    return { kind: 'bytes', bytes: await readBytes(ctx.req, limit) };
  }

  #write(ctx: Context, reply: Reply, write: (text: string) => void): void {
    if (isBare(reply)) ctx.status = reply.status;
    else if (isDownload(reply)) writeDownload(ctx, reply);
    else write(renderAnswer(reply, this.style));
  }

  /** Anything else than an error of the API is this server's fault: logged, and told as such. */
  toOxError(cause: unknown): OxError {
    if (cause instanceof OxError) return cause;
    this.log?.error('ox sandbox request failed', { error: cause });
    return new OxError('SVL-0011', { params: [cause instanceof Error ? cause.name : 'unknown'], cause });
  }
}

/** True for a browser that shows what it gets. */
function wantsPage(ctx: Context): boolean {
  const accept = ctx.get('Accept');
  return accept.startsWith('text/html');
}
