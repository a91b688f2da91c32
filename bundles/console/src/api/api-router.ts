import Router from '@koa/router';
import { Ajv, type ValidateFunction } from 'ajv';
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { ConsoleError } from '../console-error';
import type { ConsoleAddress } from '../http/console-address';
import { readJson } from '../http/json-body';
import { checkOrigin } from '../http/origin-check';
import { readSessionId } from '../session/session-cookie';
import type { Session } from '../session/sessions';
import { ApiCall, type ApiParts, type ApiRoute } from './api-call';

/** The routes below `/api`: who is not logged in, may not, or comes from another site is refused before anything is done. */
export function apiRouter(routes: readonly ApiRoute[], parts: ApiParts, address: ConsoleAddress): Router {
  const router = new Router({ prefix: '/api' });
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  for (const route of routes) {
    const validate = route.body && ajv.compile(route.body);
    router[route.method](route.path, async (context) => {
      const session = sessionOf(context, parts, address);
      if (route.method === 'post') checkSent(context, session, address);
      if (route.role === 'admin' && session.role !== 'admin') {
        throw new ConsoleError('FORBIDDEN', 'you may look, and change nothing');
      }
      const body = validate && valid(await readJson(context.req), validate);
      const answer = await route.handle(new ApiCall(context, session, body, parts));
      if (answer !== undefined) context.body = answer;
    });
  }
  return router;
}

/** @throws ConsoleError UNAUTHENTICATED */
function sessionOf(context: Context, { sessions }: ApiParts, address: ConsoleAddress): Session {
  const session = sessions.find(readSessionId(context, address));
  if (!session) throw new ConsoleError('UNAUTHENTICATED', 'log in first');
  return session;
}

/** @throws ConsoleError FOREIGN */
function checkSent(context: Context, { csrfToken }: Session, address: ConsoleAddress): void {
  checkOrigin(context, address);
  const [given, wanted] = [Buffer.from(context.get('X-CSRF-Token')), Buffer.from(csrfToken)];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new ConsoleError('FOREIGN', 'the request lacks the token of the session');
  }
}

/** @throws ConsoleError INVALID */
function valid(body: unknown, validate: ValidateFunction): unknown {
  if (validate(body)) return body;
  const faults = (validate.errors ?? []).map(({ instancePath, message = 'is wrong' }) =>
    `${instancePath} ${message}`.trim(),
  );
  throw new ConsoleError('INVALID', faults.join('; '));
}
