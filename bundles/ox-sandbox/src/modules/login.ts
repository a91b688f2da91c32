import type { Context } from 'koa';
import { errorFields, type EnvelopeStyle } from '../envelope/envelope';
import type { OxError } from '../envelope/ox-error';
import { oxError } from '../envelope/ox-error';
import { type Form, readForm } from '../http/body';
import { writeEnvelope } from '../http/respond';
import { verifyPassword } from '../session/password';
import type { Session } from '../session/sessions';
import type { OxServer } from './server';

/** One request to `/ajax/login`, which has no session yet, or ends or changes one. */
export interface LoginCall {
  readonly server: OxServer;
  readonly ctx: Context;
  readonly style: EnvelopeStyle;
}

type LoginAction = (call: LoginCall) => void | Promise<void>;

/** OX HTTP API, "Module login". */
export const loginActions: Readonly<Record<string, LoginAction>> = {
  login,
  logout,
  store: (call) => keepSession(call),
  autologin,
  refreshSecret: (call) => {
    const session = sessionOf(call);
    setCookies(call, session);
    writeFlat(call, {});
  },
  changeip: async (call) => {
    const form = await readForm(call.ctx.req, call.server.options.maxUploadSize);
    const session = sessionOf(call);
    session.ip = form.fields.get('clientIP') ?? session.ip;
    writeFlat(call, { data: '1' });
  },
};

async function login(call: LoginCall): Promise<void> {
  const { server, ctx } = call;
  const modern = server.options.imitate !== '6.x';
  if (modern && typeof ctx.query['password'] === 'string') throw oxError('SVL-0030', 'password');
  const form = await readForm(ctx.req, server.options.maxUploadSize);
  const name = loginField(call, form, 'name');
  const password = loginField(call, form, 'password');
  if (name === undefined || password === undefined) throw oxError('SVL-0002', name === undefined ? 'name' : 'password');
  const client = loginField(call, form, 'client') ?? 'default';
  const userAgent = userAgentOf(ctx);
  if (client === userAgent) throw oxError('LGI-0021');
  const account = server.contexts.byLogin(name);
  const hash = account ? account.context.users.passwordHash(account.user.id) : '';
  const right = await verifyPassword(password, hash);
  if (!account || !right) throw oxError('LGI-0006');
  if (!account.user.active) throw oxError('LGI-0013');
  const session = server.sessions.open({
    ...account,
    ...{ client, userAgent: loginField(call, form, 'clientUserAgent') ?? userAgent },
    authId: loginField(call, form, 'authId'),
    ip: loginField(call, form, 'clientIP') ?? ctx.ip,
    locale: loginField(call, form, 'language') ?? account.user.locale,
  });
  setCookies(call, session);
  if (/^(?:true|1)$/.test(loginField(call, form, 'staySignedIn') ?? '')) setSessionCookie(call, session);
  writeFlat(call, loginAnswer(session, modern));
}

/** 6.x takes the fields from the URL too. */
function loginField({ server, ctx }: LoginCall, form: Form, name: string): string | undefined {
  const inUrl = ctx.query[name];
  const allowed = server.options.imitate === '6.x' || name === 'authId';
  return form.fields.get(name) ?? (allowed && typeof inUrl === 'string' ? inUrl : undefined);
}

function loginAnswer(session: Session, modern: boolean): Record<string, unknown> {
  return {
    session: session.id,
    user: session.user.login,
    user_id: session.user.id,
    context_id: session.context.id,
    locale: session.locale,
    ...(modern ? {} : { random: session.publicId }),
  };
}

function logout(call: LoginCall): void {
  const { server, ctx } = call;
  const id = typeof ctx.query['session'] === 'string' ? ctx.query['session'] : '';
  const session = server.sessions.get(id);
  if (!session) {
    ctx.status = 403;
    return;
  }
  sessionOf(call);
  server.sessions.end(id);
  for (const name of cookieNames(server, ctx, session)) ctx.cookies.set(name, '', { maxAge: 0, overwrite: true });
  ctx.status = 200;
  ctx.set('Content-Type', 'text/html; charset=UTF-8');
  ctx.body = '';
}

function keepSession(call: LoginCall): void {
  setSessionCookie(call, sessionOf(call));
  writeFlat(call, { data: 1 });
}

function autologin(call: LoginCall): void {
  const { server, ctx } = call;
  const client = typeof ctx.query['client'] === 'string' ? ctx.query['client'] : 'default';
  const id = ctx.cookies.get(server.sessions.sessionCookie(userAgentOf(ctx), client));
  if (id === undefined) throw oxError('SVL-0002', 'cookie; please log in again');
  const session = server.sessions.check(id, requestOf(ctx));
  writeFlat(call, loginAnswer(session, server.options.imitate !== '6.x'));
}

/** The session of a request, checked. @throws OxError SES-0201, SES-0203, SES-0205, SES-0206 */
export function sessionOf({ server, ctx }: Pick<LoginCall, 'server' | 'ctx'>): Session {
  const id = ctx.query['session'];
  if (typeof id === 'string' && id !== '') return server.sessions.check(id, requestOf(ctx));
  throw oxError('SES-0201');
}

function requestOf(ctx: Context): Parameters<OxServer['sessions']['check']>[1] {
  return { ip: ctx.ip, userAgent: userAgentOf(ctx), cookie: (name) => ctx.cookies.get(name) };
}

export function userAgentOf(ctx: Context): string {
  return ctx.get('User-Agent');
}

function setCookies({ server, ctx }: LoginCall, session: Session): void {
  const [secret, open, node] = cookieNames(server, ctx, session);
  const options = { httpOnly: true, overwrite: true } as const;
  ctx.cookies.set(secret, session.secret, options);
  if (server.options.imitate !== '6.x') ctx.cookies.set(open, session.publicId, options);
  ctx.cookies.set(node, session.route, options);
}

function setSessionCookie({ server, ctx }: LoginCall, session: Session): void {
  const name = server.sessions.sessionCookie(userAgentOf(ctx), session.client);
  ctx.cookies.set(name, session.id, { httpOnly: true, overwrite: true, maxAge: 604_800_000 });
}

function cookieNames({ sessions }: OxServer, ctx: Context, session: Session): [string, string, string] {
  const userAgent = userAgentOf(ctx);
  return [sessions.secretCookie(userAgent, session.client), sessions.publicCookie(userAgent), 'JSESSIONID'];
}

/** Answers of this module are flat objects, errors too. */
function writeFlat({ ctx, style }: LoginCall, fields: Record<string, unknown>): void {
  writeEnvelope(ctx, JSON.stringify(fields), style.modern);
}

/** An error of the login module. */
export function writeLoginError(call: LoginCall, error: OxError): void {
  writeFlat(call, errorFields(error, call.style));
}
