import type { RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import { AjpError } from '../ajp-error';
import type { ForwardRequest } from '../protocol/forward-request';

/** A Forward Request as HTTP, and what the host sees as its connection. */
export interface HttpRequest {
  readonly options: Pick<RequestOptions, 'method' | 'path'> & {
    readonly headers: readonly (readonly [string, string])[];
  };
  /** Bytes of the body, or `chunked`: it ends where it ends. */
  readonly body: number | 'chunked';
  readonly remoteAddress: string | undefined;
  readonly encrypted: boolean;
}

/**
 * Headers that are between the client and the web server only (RFC 9110 "Connection"), that tell what this connector knows better,
 * or that are written anew.
 */
const dropped = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/** @throws AjpError BAD_REQUEST */
export function httpRequestOf(request: ForwardRequest): HttpRequest {
  const { method, uri, query } = request;
  if (!uri.startsWith('/') && uri !== '*') throw new AjpError('BAD_REQUEST', 'a URI that is no path');
  if (method === 'CONNECT') throw new AjpError('BAD_REQUEST', 'CONNECT cannot be passed on');
  const body = bodyOf(request);
  const encrypted = isEncrypted(request);
  const { remoteAddress = '' } = request;
  const named = namedByConnection(request);
  const headers = request.headers.filter(
    ([name]) => !dropped.has(name.toLowerCase()) && !named.has(name.toLowerCase()),
  );
  if (valuesOf(request, 'host').length === 0) headers.push(['host', authority(request)]);
  headers.push(body === 'chunked' ? ['transfer-encoding', 'chunked'] : ['content-length', String(body)]);
  headers.push(['connection', 'close']);
  headers.push(['x-forwarded-proto', encrypted ? 'https' : 'http']);
  if (isIP(remoteAddress) !== 0) headers.push(['x-forwarded-for', remoteAddress]);
  return {
    options: { method, path: query === undefined ? uri : `${uri}?${query}`, headers },
    body,
    remoteAddress: isIP(remoteAddress) === 0 ? undefined : remoteAddress,
    encrypted,
  };
}

/** The web server's own TLS, or one before it: `SetEnv AJP_HTTPS on` in Apache. */
function isEncrypted({ isSsl, ssl, attributes }: ForwardRequest): boolean {
  return isSsl || ssl.size > 0 || attributes.get('HTTPS') === 'on';
}

function bodyOf(request: ForwardRequest): number | 'chunked' {
  const codings = valuesOf(request, 'transfer-encoding');
  if (codings.length > 0) {
    if (codings.join().trim().toLowerCase() === 'chunked') return 'chunked';
    throw new AjpError('BAD_REQUEST', 'a transfer coding other than chunked');
  }
  const lengths = new Set(valuesOf(request, 'content-length'));
  if (lengths.size === 0) return 0;
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length))
    throw new AjpError('BAD_REQUEST', 'a Content-Length that is no length');
  return Number(length);
}

function valuesOf({ headers }: ForwardRequest, wanted: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

/** Names of headers that `Connection` makes a matter of that connection. */
function namedByConnection(request: ForwardRequest): Set<string> {
  const names = valuesOf(request, 'connection').flatMap((value) => value.split(','));
  return new Set(names.map((name) => name.trim().toLowerCase()).filter((name) => !kept.has(name)));
}

/** No client may have these taken out. */
const kept = new Set(['authorization', 'host', 'cookie', 'content-type']);

function authority({ serverName = 'localhost', serverPort, isSsl }: ForwardRequest): string {
  return serverPort === (isSsl ? 443 : 80) ? serverName : `${serverName}:${serverPort}`;
}
