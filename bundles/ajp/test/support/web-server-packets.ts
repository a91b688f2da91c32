/** The web server's side of AJP, written from "The AJP Protocol Reference" and not from the bundle's own tables. */

const methodCodes: Readonly<Record<string, number>> = {
  OPTIONS: 1,
  GET: 2,
  HEAD: 3,
  POST: 4,
  PUT: 5,
  DELETE: 6,
  PROPFIND: 8,
};
const headerCodes: Readonly<Record<string, number>> = {
  accept: 0xa001,
  authorization: 0xa005,
  connection: 0xa006,
  'content-type': 0xa007,
  'content-length': 0xa008,
  cookie: 0xa009,
  host: 0xa00b,
  'user-agent': 0xa00e,
};

export interface Forward {
  readonly method?: string;
  readonly uri?: string;
  readonly remoteAddress?: string | undefined;
  readonly serverName?: string;
  readonly serverPort?: number;
  readonly isSsl?: boolean;
  readonly headers?: readonly (readonly [string, string])[];
  readonly query?: string | undefined;
  readonly secret?: string | undefined;
  readonly remoteUser?: string;
  readonly sslKeySize?: number | undefined;
  readonly attributes?: Readonly<Record<string, string>>;
}

export const string = (text: string | undefined): Buffer =>
  text === undefined
    ? Buffer.from('ffff', 'hex')
    : Buffer.concat([integer(Buffer.byteLength(text, 'latin1')), Buffer.from(text, 'latin1'), Buffer.of(0)]);

export const integer = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);

export const packet = (...parts: readonly Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([Buffer.from('1234', 'hex'), integer(payload.length), payload]);
};

export function forwardRequest(forward: Forward = {}): Buffer {
  const { method = 'GET', headers = [['host', 'mail.example.com']], attributes = {} } = forward;
  const code = methodCodes[method];
  const optional = (type: number, value: string | undefined) =>
    value === undefined ? [] : [Buffer.of(type), string(value)];
  return packet(
    Buffer.of(2, code ?? 0xff),
    string('HTTP/1.1'),
    string(forward.uri ?? '/'),
    string('remoteAddress' in forward ? forward.remoteAddress : '192.0.2.7'),
    string(undefined),
    string(forward.serverName ?? 'mail.example.com'),
    integer(forward.serverPort ?? 443),
    Buffer.of(forward.isSsl === true ? 1 : 0),
    integer(headers.length),
    ...headers.flatMap(([name, value]) => {
      const coded = headerCodes[name];
      return [coded === undefined ? string(name) : integer(coded), string(value)];
    }),
    ...optional(0x0c, forward.secret),
    ...optional(0x03, forward.remoteUser),
    ...optional(0x05, forward.query),
    ...optional(0x0d, code === undefined ? method : undefined),
    ...(forward.sslKeySize === undefined ? [] : [Buffer.of(0x0b), integer(forward.sslKeySize)]),
    ...Object.entries(attributes).flatMap(([name, value]) => [Buffer.of(0x0a), string(name), string(value)]),
    Buffer.of(0xff),
  );
}

export const bodyChunk = (data: Buffer): Buffer => packet(integer(data.length), data);
export const cping = packet(Buffer.of(10));
export const shutdown = packet(Buffer.of(7));
