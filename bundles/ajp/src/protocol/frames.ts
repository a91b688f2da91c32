import { AjpError } from '../ajp-error';
import { frameHeader, webServerMagic } from './codes';

/** Cuts what comes from the web server into packets: 0x1234, the payload's length, the payload. "Packet Headers". */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** @param packetSize - bytes of the largest packet with its header */
  constructor(private readonly packetSize: number) {}

  /** True when a packet has begun and not ended. */
  get isWithin(): boolean {
    return this.#rest.length > 0;
  }

  /**
   * @returns payloads of the packets that are complete now
   * @throws AjpError MALFORMED_PACKET
   */
  push(chunk: Buffer): Buffer[] {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const payloads: Buffer[] = [];
    for (;;) {
      this.#check(rest);
      const end = rest.length < frameHeader ? Infinity : frameHeader + rest.readUInt16BE(2);
      if (rest.length < end) break;
      payloads.push(rest.subarray(frameHeader, end));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
    return payloads;
  }

  /** As early as it can be seen: nothing is kept that can be no packet. */
  #check(bytes: Buffer): void {
    if (bytes.length < 2) return;
    if (bytes.readUInt16BE(0) !== webServerMagic) {
      throw new AjpError('MALFORMED_PACKET', `a packet that begins with ${bytes.toString('hex', 0, 2)}: is this AJP?`);
    }
    if (bytes.length < frameHeader) return;
    const size = frameHeader + bytes.readUInt16BE(2);
    if (size > this.packetSize) {
      const remedy = 'set ajp.packet_size as ProxyIOBufferSize in Apache';
      throw new AjpError('MALFORMED_PACKET', `a packet of ${size} bytes, ${this.packetSize} are allowed: ${remedy}`);
    }
  }
}
