import type { Bytes } from '../wbxml';

/** Bytes as base64 text, which is made while it is sent. */
export class Base64Bytes implements Bytes {
  readonly length: number;

  constructor(private readonly bytes: Bytes) {
    this.length = Math.ceil(bytes.length / 3) * 4;
  }

  read(): Uint8Array {
    return Buffer.from(bufferOf(this.bytes.read()).toString('base64'), 'latin1');
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of this.bytes.stream()) {
      const all = rest.length === 0 ? bufferOf(piece) : Buffer.concat([rest, piece]);
      const end = all.length - (all.length % 3);
      yield Buffer.from(all.toString('base64', 0, end), 'latin1');
      rest = all.subarray(end);
    }
    if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
