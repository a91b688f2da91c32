import type { Duplex } from 'node:stream';
import { serviceToken } from '../framework/token';

/**
 * A stream on which a client speaks HTTP/1.1: one side of a `duplexPair`, for example. Requests on it see the properties as those
 * of their socket.
 *
 * @public
 */
export interface HttpConnection extends Duplex {
  /** Where the client is: an IP address. Whoever makes the connection vouches for it; undefined: not known. */
  readonly remoteAddress?: string | undefined;
  /** The client's own connection is protected by TLS. */
  readonly encrypted?: boolean;
}

/**
 * The host's HTTP server, for bundles that bring it requests by another way than its port: a connector for another protocol.
 * What is served, drained, limited and counted is the same for both.
 *
 * @public
 */
export interface HttpConnections {
  /**
   * Serves the requests that come on the connection. It ends when the client ends it, when the last answer says so, and when the
   * host stops. Destroying it aborts the request in flight.
   */
  accept(connection: HttpConnection): void;
}

/** Its token: what it is registered and found by. @public */
export const HttpConnections = serviceToken<HttpConnections>('host.HttpConnections');
