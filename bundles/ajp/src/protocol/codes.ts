/** Numbers of AJP 1.3. Apache Tomcat, "The AJP Protocol Reference". */

/** First byte of a packet, but for a body's. "Packet Structure". */
export const PacketType = {
  ForwardRequest: 0x02,
  SendBodyChunk: 0x03,
  SendHeaders: 0x04,
  EndResponse: 0x05,
  GetBodyChunk: 0x06,
  Shutdown: 0x07,
  CPong: 0x09,
  CPing: 0x0a,
} as const;

/** "Request Packet Structure", method. The position is the code. */
export const methods: readonly (string | undefined)[] = [
  undefined,
  'OPTIONS',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'ACL',
  'REPORT',
  'VERSION-CONTROL',
  'CHECKIN',
  'CHECKOUT',
  'UNCHECKOUT',
  'SEARCH',
  'MKWORKSPACE',
  'UPDATE',
  'LABEL',
  'MERGE',
  'BASELINE-CONTROL',
  'MKACTIVITY',
];

/** Any other method: it is in the attribute `stored_method`. */
export const storedMethod = 0xff;

/** A header's name is this and its code, or a string. "Request headers". */
export const codedName = 0xa0;

/** The position, from 1, is the code: 0xA001 is accept. */
export const requestHeaders: readonly string[] = [
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'connection',
  'content-type',
  'content-length',
  'cookie',
  'cookie2',
  'host',
  'pragma',
  'referer',
  'user-agent',
];

/** "Response packet structure": 0xA001 is Content-Type. */
export const responseHeaders: readonly string[] = [
  'Content-Type',
  'Content-Language',
  'Content-Length',
  'Date',
  'Last-Modified',
  'Location',
  'Set-Cookie',
  'Set-Cookie2',
  'Servlet-Engine',
  'Status',
  'WWW-Authenticate',
];

/** "Attributes". Their value is a string, but for two of them. */
export const Attribute = {
  Context: 0x01,
  ServletPath: 0x02,
  RemoteUser: 0x03,
  AuthType: 0x04,
  QueryString: 0x05,
  Route: 0x06,
  SslCert: 0x07,
  SslCipher: 0x08,
  SslSession: 0x09,
  /** Name and value. */
  Request: 0x0a,
  /** An integer. */
  SslKeySize: 0x0b,
  Secret: 0x0c,
  StoredMethod: 0x0d,
  End: 0xff,
} as const;

/** First bytes of each packet of the web server, and of ours. */
export const webServerMagic = 0x1234;
export const containerMagic = 0x4142;

/** Magic number and length. */
export const frameHeader = 4;

/** Length of a string that is not there. */
export const nullString = 0xffff;
