import { AjpError } from '../ajp-error';
import { Attribute, codedName, methods, PacketType, requestHeaders, storedMethod } from './codes';
import { PacketReader } from './packet-reader';

/** A request as the web server tells it. "Request Packet Structure". */
export interface ForwardRequest {
  readonly method: string;
  readonly protocol: string | undefined;
  /** Path, still encoded, without the query. */
  readonly uri: string;
  readonly query: string | undefined;
  readonly remoteAddress: string | undefined;
  readonly remoteHost: string | undefined;
  readonly serverName: string | undefined;
  readonly serverPort: number;
  readonly isSsl: boolean;
  /** Name in lower case where it was coded, and value; in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly secret: string | undefined;
  /** What the web server knows of the client's TLS, by attribute code. */
  readonly ssl: ReadonlyMap<number, string | number>;
  /** Attributes by their own names: `AJP_REMOTE_PORT`, and those that the web server's operator sets. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** @throws AjpError MALFORMED_PACKET, BAD_REQUEST */
export function decodeForwardRequest(payload: Buffer): ForwardRequest {
  const reader = new PacketReader(payload);
  if (reader.byte() !== PacketType.ForwardRequest) throw reader.malformed('no Forward Request');
  const method = reader.byte();
  const head = {
    protocol: reader.string(),
    uri: reader.string() ?? '',
    remoteAddress: reader.string(),
    remoteHost: reader.string(),
    serverName: reader.string(),
    serverPort: reader.integer(),
    isSsl: reader.boolean(),
    headers: Array.from({ length: reader.integer() }, () => header(reader)),
  };
  const { coded, attributes } = readAttributes(reader);
  return {
    ...head,
    method: methodOf(method, coded.get(Attribute.StoredMethod)),
    query: asText(coded.get(Attribute.QueryString)),
    secret: asText(coded.get(Attribute.Secret)),
    ssl: new Map([...coded].filter(([code]) => sslAttributes.has(code))),
    attributes,
  };
}

const sslAttributes = new Set<number>([
  Attribute.SslCert,
  Attribute.SslCipher,
  Attribute.SslSession,
  Attribute.SslKeySize,
]);

function header(reader: PacketReader): readonly [string, string] {
  const name = headerName(reader);
  return [name, reader.string() ?? ''];
}

/** 0xA0 and a code, or a string: no name is as long as 0xA000. */
function headerName(reader: PacketReader): string {
  const first = reader.integer();
  if (first >> 8 !== codedName) return reader.text(first);
  const name = requestHeaders[(first & 0xff) - 1];
  if (name === undefined) throw reader.malformed(`a header with the code 0x${first.toString(16)}`);
  return name;
}

function methodOf(code: number, stored: string | number | undefined): string {
  const method = code === storedMethod ? asText(stored) : methods[code];
  if (method === undefined) throw new AjpError('BAD_REQUEST', `a method with the code ${code}`);
  return method;
}

/** Pairs of code and value up to 0xFF. remote_user and auth_type are read and dropped: the host asks for passwords itself. */
function readAttributes(reader: PacketReader): {
  coded: Map<number, string | number>;
  attributes: Map<string, string>;
} {
  const coded = new Map<number, string | number>();
  const attributes = new Map<string, string>();
  for (let code = reader.byte(); code !== Attribute.End; code = reader.byte()) {
    if (code < Attribute.Context || code > Attribute.StoredMethod) {
      throw reader.malformed(`an attribute with the code 0x${code.toString(16)}`);
    }
    if (code === Attribute.SslKeySize) coded.set(code, reader.integer());
    else if (code === Attribute.Request) attributes.set(reader.string() ?? '', reader.string() ?? '');
    else coded.set(code, reader.string() ?? '');
  }
  return { coded, attributes };
}

function asText(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
