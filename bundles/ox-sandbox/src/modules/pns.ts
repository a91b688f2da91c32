import { oxError } from '../envelope/ox-error';
import { type Call, asText } from './call';
import type { Module } from './module';

/** Transports that this server has: the others' services are not reachable from a sandbox. */
const transports = new Set(['websocket', 'webhooks']);

/** OX HTTP API, "Module push notification service"; 7.8.3 and later. */
export const pns: Module = {
  subscribe: (call) => {
    const body = call.object();
    const transport = asText(body['transport']);
    const { topics } = body;
    if (transport === undefined || !Array.isArray(topics)) throw oxError('SVL-0002', 'transport, topics');
    if (!transports.has(transport)) return { data: { success: false } };
    const client = clientOf(call);
    call.context.db.run(
      'INSERT OR REPLACE INTO push_subscription (user, token, transport, client, topics) VALUES (?, ?, ?, ?, ?)',
      ...[call.user.id, tokenOf(call, transport, client), transport, client, JSON.stringify(topics)],
    );
    return { data: { success: true } };
  },

  unsubscribe: (call) => {
    const transport = asText(call.object()['transport']) ?? '';
    const { changes } = call.context.db.run(
      'DELETE FROM push_subscription WHERE user = ? AND token = ? AND transport = ?',
      ...[call.user.id, tokenOf(call, transport, clientOf(call)), transport],
    );
    return { data: { success: changes > 0 } };
  },
};

function clientOf(call: Call): string {
  return asText(call.object()['client']) ?? call.session.client;
}

/** Of a webhook the address, which must begin as that of the configuration; the client is the webhook's id (8.18). */
function tokenOf(call: Call, transport: string, client: string): string {
  const token = asText(call.object()['token']) ?? '';
  if (transport !== 'webhooks') {
    if (token === '') throw oxError('SVL-0002', 'token');
    return token;
  }
  const { webhooks } = call.server.options;
  const target = Object.hasOwn(webhooks, client) ? webhooks[client] : undefined;
  if (!target) throw oxError('SVL-0010', `client=${client}`);
  if (!token.startsWith(target.uri) && token !== '') throw oxError('SVL-0010', `token=${token}`);
  return token || target.uri;
}
