import type { Module } from './module';

/** OX HTTP API, "Module sessionmanagement"; 7.10. */
export const sessionManagement: Module = {
  all: ({ server, session }) => ({
    data: server.sessions.of(session).map(({ id, ip, client, context, user, loginTime, lastActive, userAgent }) => ({
      ...{ sessionId: id, ipAddress: ip, client, ctxId: context.id, userId: user.id, loginTime, lastActive },
      device: { displayName: userAgent },
    })),
  }),

  delete: (call) => {
    const own = new Set(call.server.sessions.of(call.session).map(({ id }) => id));
    for (const id of call.strings()) if (own.has(id)) call.server.sessions.end(id);
    return {};
  },

  clear: ({ server, session }) => {
    for (const { id } of server.sessions.of(session)) if (id !== session.id) server.sessions.end(id);
    return {};
  },
};
