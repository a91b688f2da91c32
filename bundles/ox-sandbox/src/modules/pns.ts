import { oxError } from '../envelope/ox-error';
import { asText } from './call';
import type { Module } from './module';

/** Transports that this server has: the others' services are not reachable from a sandbox. */
const transports = new Set(['websocket', 'webhooks']);

/** OX HTTP API, "Module push notification service"; 7.8.3 and later. */
export const pns: Module = {
  subscribe: (call) => {
    const body = call.object();
    const { token, transport, topics } = {
      token: asText(body['token']),
      transport: asText(body['transport']),
      topics: body['topics'],
    };
    if (token === undefined || transport === undefined || !Array.isArray(topics))
      throw oxError('SVL-0002', 'token, transport, topics');
    if (!transports.has(transport)) return { data: { success: false } };
    if (transport === 'webhooks' && !Object.hasOwn(call.server.options.webhooks, token))
      throw oxError('SVL-0010', `token=${token}`);
    call.context.db.run(
      'INSERT OR REPLACE INTO push_subscription (user, token, transport, client, topics) VALUES (?, ?, ?, ?, ?)',
      ...[call.user.id, token, transport, asText(body['client']) ?? call.session.client, JSON.stringify(topics)],
    );
    return { data: { success: true } };
  },

  unsubscribe: (call) => {
    const { token, transport } = call.object();
    const { changes } = call.context.db.run(
      'DELETE FROM push_subscription WHERE user = ? AND token = ? AND transport = ?',
      ...[call.user.id, asText(token) ?? '', asText(transport) ?? ''],
    );
    return { data: { success: changes > 0 } };
  },
};
