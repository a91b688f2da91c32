import type { IncomingMessage } from 'node:http';

/** Of a request that waits, keeps only what its answer depends on: thousands wait, and proxies add headers of their own. */
export function forgetHeaders(request: IncomingMessage): void {
  const kept = Object.entries(request.headers).filter(([name]) => name.startsWith('accept'));
  request.headers = Object.fromEntries(kept);
  request.rawHeaders = [];
}
