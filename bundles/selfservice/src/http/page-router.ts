import Router, { type RouterContext } from '@koa/router';
import { isOxtenderError } from '@oxtender/bundle-api';
import { messagePage } from '../views/login';
import * as device from './device-pages';
import { failureOf } from './failure';
import * as login from './login-pages';
import type { PageParts } from './page-parts';
import { NotLoggedIn, PageRequest } from './page-request';
import { securityHeaders } from './security-headers';
import * as setup from './setup-pages';
import { PageError } from '../page-error';

type Handler = (request: PageRequest) => void | Promise<void>;

const home: Handler = (request) => (request.session ? device.showDevices(request) : login.showLogin(request));
const nothing: Handler = () => {
  throw new PageError('NOT_FOUND', 'no such page');
};

/** All pages. Those that change something are forms, sent by POST. */
const pages: readonly (readonly [method: 'get' | 'post', path: string, handler: Handler])[] = [
  ['get', '/', home],
  ['post', '/login', login.logIn],
  ['post', '/logout', login.logOut],
  ['get', '/language', login.changeLanguage],
  ['get', '/setup', setup.showSetup],
  ['get', '/profile.mobileconfig', setup.sendProfile],
  ['get', '/s/:token', setup.showPhoneSetup],
  ['get', '/s/:token/profile.mobileconfig', setup.sendLinkedProfile],
  ['get', '/devices/:protocol/:device', device.showDevice],
  ['post', '/devices/:protocol/:device/folders', device.chooseFolders],
  ['post', '/devices/:protocol/:device/resend', device.resend],
  ['get', '/devices/:protocol/:device/wipe', device.askWipe],
  ['post', '/devices/:protocol/:device/wipe', device.wipe],
  ['get', '/devices/:protocol/:device/remove', device.askRemove],
  ['post', '/devices/:protocol/:device/remove', device.remove],
  ['get', '/{*rest}', nothing],
];

export function pageRouter(parts: PageParts): Router {
  const router = new Router();
  for (const [method, path, handler] of pages) {
    router[method](path, async (context) => answer(new PageRequest(context as RouterContext, parts), path, handler));
  }
  return router;
}

/** @param page - its route, for the log: a path may hold the token of a link */
async function answer(request: PageRequest, page: string, handler: Handler): Promise<void> {
  request.context.set(securityHeaders);
  try {
    await handler(request);
  } catch (error) {
    fail(request, page, error);
  }
}

function fail(request: PageRequest, page: string, error: unknown): void {
  const { parts, requestId, texts, context } = request;
  if (error instanceof NotLoggedIn) {
    request.redirect(error.wasLoggedIn ? '/?why=away' : '/');
    return;
  }
  if (isOxtenderError(error, 'AUTHENTICATION') && request.session) {
    // the password was changed meanwhile
    parts.sessions.end(request.session);
    request.redirect('/?why=away');
    return;
  }
  const { status, text, isOurs } = failureOf(error, texts);
  const fields = { method: context.method, page, status, requestId };
  if (isOurs) parts.log.error('page failed', { ...fields, error });
  else parts.log.warn('page refused', { ...fields, reason: error instanceof Error ? error.message : String(error) });
  if (status === 503) context.set('Retry-After', '30');
  request.render(messagePage(request.frame, { kind: 'error', text }, isOurs ? requestId : undefined), status);
}
