import { isOxtenderError, type GroupwareSession } from '@oxtender/bundle-api';
import { PageError } from '../page-error';
import { languages } from '../texts';
import { type Notice } from '../views/layout';
import { loginPage } from '../views/login';
import type { PageRequest } from './page-request';

const minute = 60_000;

/** `POST /login` */
export async function logIn(request: PageRequest): Promise<void> {
  const { parts, texts, context } = request;
  const form = await request.form();
  const login = form.get('login')?.trim() ?? '';
  const password = form.get('password') ?? '';
  if (login === '' || password === '') throw new PageError('INVALID', 'no user name or no password');
  const wait = parts.limit.waitFor(login, context.ip);
  if (wait > 0) {
    context.set('Retry-After', String(Math.ceil(wait / 1000)));
    refuse(request, login, { text: texts.tooManyAttempts(Math.ceil(wait / minute)), status: 429 });
    return;
  }
  const groupware = await tryPassword(request, login, password);
  if (!groupware) return;
  if (request.session) parts.sessions.end(request.session);
  request.rememberSession(parts.sessions.create(login, groupware));
  parts.log.info('user logged in', { login, address: context.ip, requestId: request.requestId });
  request.redirect('/');
}

/** @returns undefined when the user was told why not */
async function tryPassword(
  request: PageRequest,
  login: string,
  password: string,
): Promise<GroupwareSession | undefined> {
  const { parts, texts, context, signal, requestId } = request;
  const userAgent = context.get('User-Agent');
  const { limit, bridge, log } = parts;
  limit.begin(login, context.ip);
  try {
    const options = { signal, address: context.ip, ...(userAgent === '' ? {} : { userAgent }) };
    const groupware = await bridge.login({ login, password }, options);
    limit.succeeded(login, context.ip);
    return groupware;
  } catch (error) {
    if (isOxtenderError(error, 'AUTHENTICATION')) {
      log.warn('wrong password', { login, address: context.ip, requestId });
      refuse(request, login, { text: texts.wrongPassword, status: 403 });
      return undefined;
    }
    limit.succeeded(login, context.ip);
    if (isOxtenderError(error, 'PASSWORD_EXPIRED')) {
      log.info('the password expired', { login, requestId });
      refuse(request, login, { text: texts.passwordExpired, status: 403 });
      return undefined;
    }
    if (!isOxtenderError(error, 'NOT_ALLOWED')) throw error;
    log.warn('the account may not synchronise', { login, requestId });
    refuse(request, login, { text: texts.notAllowed, status: 403 });
    return undefined;
  }
}

function refuse(request: PageRequest, login: string, { text, status }: { text: string; status: number }): void {
  request.render(loginPage(request.frame, login, { kind: 'error', text }), status);
}

/** `GET /` of somebody who is not logged in. */
export function showLogin(request: PageRequest): void {
  const { texts, context } = request;
  const notices: Readonly<Record<string, Notice>> = {
    away: { kind: 'error', text: texts.sessionOver },
    out: { kind: 'done', text: texts.loggedOut },
  };
  request.render(loginPage(request.frame, '', notices[String(context.query['why'])]));
}

/** `POST /logout` */
export async function logOut(request: PageRequest): Promise<void> {
  const { user, parts } = request;
  await request.userForm();
  parts.sessions.end(user);
  request.rememberSession(undefined);
  request.redirect('/?why=out');
}

/** `GET /language?to=de&back=/oxtender/setup` */
export function changeLanguage(request: PageRequest): void {
  const { context, base } = request;
  const { to, back } = context.query;
  if (typeof to === 'string' && Object.hasOwn(languages, to)) request.rememberLanguage(to);
  const isOurs = typeof back === 'string' && back.startsWith(`${base}/`) && /^[\w/.~%@:-]+$/.test(back);
  request.redirect(isOurs ? back.slice(base.length) : '/');
}
