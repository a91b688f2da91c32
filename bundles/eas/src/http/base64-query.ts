import { commandCodes, type CommandName } from '../protocol/command-codes';
import type { CommandParameters } from '../protocol/command';
import { BadRequest } from './bad-request';
import type { RequestLine } from './request-line';

/** [MS-ASHTTP] "Command Parameters": tags of the parameters at the end. Others are passed over. */
const ParameterTag = {
  AttachmentName: 0,
  CollectionId: 1,
  ItemId: 3,
  LongId: 4,
  Occurrence: 6,
  Options: 7,
  User: 8,
} as const;

/** Bits of the parameter Options. */
const Option = { SaveInSent: 0x01, AcceptMultiPart: 0x02 } as const;

/**
 * The whole query is base64 of a small binary structure. [MS-ASHTTP] "Base64-Encoded URI Query Value". Padding may be
 * missing, and `=`, `+` and `/` may be percent-encoded. Headers of the plain form have no say here.
 *
 * @throws BadRequest BAD_QUERY, UNKNOWN_COMMAND
 */
export function parseBase64Query(query: string): RequestLine {
  const bytes = new ByteSequence(decodeBase64(query));
  const versionByte = bytes.byte();
  const commandByte = bytes.byte();
  bytes.take(2); // the locale: HTTP's own Accept-Language says it better
  const deviceId = bytes.prefixed();
  const policyKey = policyKeyOf(bytes.prefixed());
  const deviceType = bytes.prefixed();
  const parameters = readParameters(bytes);
  const options = parameters.get(ParameterTag.Options)?.[0];
  return {
    command: commandOf(commandByte),
    version: (versionByte / 10).toFixed(1),
    deviceId: deviceIdText(deviceId),
    deviceType: deviceType.toString('latin1'),
    user: parameters.get(ParameterTag.User)?.toString('utf8'),
    policyKey,
    acceptMultiPart: ((options ?? 0) & Option.AcceptMultiPart) !== 0,
    parameters: commandParameters(parameters, options),
  };
}

function decodeBase64(query: string): Buffer {
  let text: string;
  try {
    text = decodeURIComponent(query).replaceAll(' ', '+');
  } catch (cause) {
    throw new BadRequest('BAD_QUERY', 'the query is not percent-encoded', { cause });
  }
  if (!/^[\w+/-]+={0,2}$/.test(text)) throw new BadRequest('BAD_QUERY', 'the query is neither plain nor base64');
  return Buffer.from(text, 'base64');
}

function commandOf(code: number): CommandName {
  const entry = Object.entries(commandCodes).find(([, value]) => value === code);
  if (!entry) throw new BadRequest('UNKNOWN_COMMAND', `no command ${code}`);
  return entry[0] as CommandName;
}

/** Most devices send text; 16 bytes of a GUID are shown in hexadecimal. */
function deviceIdText(bytes: Buffer): string {
  return bytes.every((byte) => byte > 0x20 && byte < 0x7f) ? bytes.toString('latin1') : bytes.toString('hex');
}

function policyKeyOf(bytes: Buffer): number | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length !== 4) throw new BadRequest('BAD_QUERY', `a policy key of ${bytes.length} bytes`);
  return bytes.readUInt32LE();
}

function readParameters(bytes: ByteSequence): Map<number, Buffer> {
  const parameters = new Map<number, Buffer>();
  while (!bytes.isAtEnd) {
    const tag = bytes.byte();
    parameters.set(tag, bytes.prefixed());
  }
  return parameters;
}

function commandParameters(parameters: ReadonlyMap<number, Buffer>, options: number | undefined): CommandParameters {
  const entries = {
    attachmentName: parameters.get(ParameterTag.AttachmentName)?.toString('utf8'),
    collectionId: parameters.get(ParameterTag.CollectionId)?.toString('utf8'),
    itemId: parameters.get(ParameterTag.ItemId)?.toString('utf8'),
    longId: parameters.get(ParameterTag.LongId)?.toString('utf8'),
    occurrence: parameters.get(ParameterTag.Occurrence)?.toString('utf8'),
    saveInSent: options === undefined ? undefined : (options & Option.SaveInSent) !== 0,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

class ByteSequence {
  #position = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#position >= this.bytes.length;
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** A length byte and that many bytes. */
  prefixed(): Buffer {
    return this.take(this.byte());
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.#position, this.#position + length);
    if (taken.length < length) throw new BadRequest('BAD_QUERY', 'the base64 query ends too early');
    this.#position += length;
    return taken;
  }
}
