import { AjpError } from '../ajp-error';
import { codedName, containerMagic, frameHeader, PacketType, responseHeaders } from './codes';

/** "Response packet structure": what the host says to the web server. */
export interface AnswerHead {
  readonly status: number;
  readonly message: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Code, length of the chunk, and a zero after it that the web server expects and counts to the packet. */
const chunkOverhead = frameHeader + 4;
/** Length of the chunk. */
const bodyOverhead = frameHeader + 2;

const headerCodes = new Map(responseHeaders.map((name, index) => [name.toLowerCase(), (codedName << 8) + index + 1]));

/** @throws AjpError ANSWER_TOO_LARGE when it does not fit into one packet */
export function sendHeaders({ status, message, headers }: AnswerHead, packetSize: number): Buffer {
  const parts = [Buffer.of(PacketType.SendHeaders), integer(status), string(message), integer(headers.length)];
  for (const [name, value] of headers) {
    const code = headerCodes.get(name.toLowerCase());
    parts.push(code === undefined ? string(name) : integer(code), string(value));
  }
  const packet = frame(parts);
  if (packet.length > packetSize) {
    const remedy = 'raise ajp.packet_size, and ProxyIOBufferSize in Apache';
    throw new AjpError('ANSWER_TOO_LARGE', `headers of ${packet.length} bytes, ${packetSize} are allowed: ${remedy}`);
  }
  return packet;
}

/** As many packets as it takes. */
export function sendBodyChunks(body: Buffer, packetSize: number): Buffer[] {
  const largest = packetSize - chunkOverhead;
  const packets: Buffer[] = [];
  for (let begin = 0; begin < body.length; begin += largest) {
    const chunk = body.subarray(begin, begin + largest);
    packets.push(frame([Buffer.of(PacketType.SendBodyChunk), integer(chunk.length), chunk, Buffer.of(0)]));
  }
  return packets;
}

/** @param reuse - the web server may send the next request on this connection */
export function endResponse(reuse: boolean): Buffer {
  return frame([Buffer.of(PacketType.EndResponse, reuse ? 1 : 0)]);
}

/** Asks for the next piece of the body, as much of it as one packet holds. */
export function getBodyChunk(packetSize: number): Buffer {
  return frame([Buffer.of(PacketType.GetBodyChunk), integer(packetSize - bodyOverhead)]);
}

/** The answer to a CPing, by which the web server sees that somebody is there. */
export function cpong(): Buffer {
  return frame([Buffer.of(PacketType.CPong)]);
}

function frame(parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffff) throw new AjpError('ANSWER_TOO_LARGE', `a packet of ${length} bytes`);
  return Buffer.concat([integer(containerMagic), integer(length), ...parts]);
}

function integer(value: number): Buffer {
  return Buffer.of((value >> 8) & 0xff, value & 0xff);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > 0x7fff) throw new AjpError('ANSWER_TOO_LARGE', `a header of ${bytes.length} bytes`);
  return Buffer.concat([integer(bytes.length), bytes, Buffer.of(0)]);
}
