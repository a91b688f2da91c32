import Router from '@koa/router';
import type { Logger, OperatorCommands } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import { auditName } from '../api/api-call';
import { sessionAnswer } from '../api/session';
import { ConsoleError, type ConsoleErrorCode } from '../console-error';
import type { ConsoleAddress } from '../http/console-address';
import { readJson } from '../http/json-body';
import { checkOrigin } from '../http/origin-check';
import type { LoginLinks } from '../session/login-links';
import { writeSessionId } from '../session/session-cookie';
import type { Operator, Session, Sessions } from '../session/sessions';
import type { OidcLogin } from './oidc-login';

export interface LoginParts {
  readonly commands: OperatorCommands;
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  /** Undefined: it is not configured. */
  readonly oidc: OidcLogin | undefined;
  readonly log: Logger;
}

/** How one gets in: by a link of `oxtender console login`, or by an OpenID provider. */
export function loginRouter(parts: LoginParts, address: ConsoleAddress): Router {
  const router = new Router();
  router.get('/api/login', (context) => {
    context.body = { oidc: parts.oidc !== undefined };
  });
  router.post('/api/login', async (context) => {
    checkOrigin(context, address);
    const operator = parts.links.redeem(tokenOf(await readJson(context.req)));
    if (!operator) throw new ConsoleError('LINK_OVER', 'the link was used before, or is too old');
    context.body = sessionAnswer(await open(context, operator, 'link'));
  });
  router.get('/oidc/login', async (context) => {
    context.redirect(await oidcOf(parts).begin(context));
  });
  router.get('/oidc/callback', async (context) => {
    try {
      await open(context, await oidcOf(parts).finish(context), 'oidc');
      context.redirect('/');
    } catch (error) {
      parts.log.warn('login by OpenID Connect failed', { error });
      const code: ConsoleErrorCode = error instanceof ConsoleError ? error.code : 'PROVIDER';
      context.redirect(`/?login=${code}`);
    }
  });
  return router;

  async function open(context: Context, operator: Operator, by: string): Promise<Session> {
    const session = parts.sessions.create(operator);
    writeSessionId(context, address, session.id);
    const { name, role } = operator;
    parts.log.info('operator logged in', { operator: name, role, by });
    const args = [`--role=${role}`, `--by=${by}`];
    await parts.commands.audit({ user: auditName(operator), command: 'console session', args, outcome: 'done' });
    return session;
  }
}

/** @throws ConsoleError NOT_FOUND */
function oidcOf({ oidc }: LoginParts): OidcLogin {
  if (!oidc) throw new ConsoleError('NOT_FOUND', 'login by OpenID Connect is not configured');
  return oidc;
}

/** @throws ConsoleError INVALID */
function tokenOf(body: unknown): string {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token !== 'string' || !/^[\w-]{32}$/.test(token))
    throw new ConsoleError('INVALID', 'that is no login link');
  return token;
}
