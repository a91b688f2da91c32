import type { ParameterizedContext } from 'koa';

const addresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** True for a request that a program on this machine made itself: no proxy passed it on. */
export function isLoopback(context: ParameterizedContext): boolean {
  return addresses.has(context.req.socket.remoteAddress ?? '') && context.req.headers['x-forwarded-for'] === undefined;
}
