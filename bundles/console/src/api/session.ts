import type { ApiCall, ApiRoute } from './api-call';
import { auditName } from './api-call';

export const sessionRoutes: readonly ApiRoute[] = [
  { method: 'get', path: '/session', role: 'read', handle: ({ session }) => sessionAnswer(session) },
  {
    method: 'post',
    path: '/logout',
    role: 'read',
    body: { type: 'object', additionalProperties: false },
    handle: logOut,
  },
];

export function sessionAnswer({ name, role, csrfToken, ends }: ApiCall['session']): object {
  return { name, role, csrfToken, ends };
}

async function logOut({ session, parts }: ApiCall): Promise<object> {
  parts.sessions.end(session);
  await parts.commands.audit({ user: auditName(session), command: 'console logout', args: [], outcome: 'done' });
  return { done: true };
}
