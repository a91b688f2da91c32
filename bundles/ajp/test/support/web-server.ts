import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came for one request. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly reuse: boolean;
}

const responseHeaders = [
  'Content-Type',
  'Content-Language',
  'Content-Length',
  'Date',
  'Last-Modified',
  'Location',
  'Set-Cookie',
];

/** A web server's connection to the connector, byte by byte. */
export class WebServer implements Disposable {
  #rest: Buffer = Buffer.alloc(0);

  private constructor(readonly socket: Socket) {
    socket.pause();
  }

  static async connect(port: number): Promise<WebServer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new WebServer(socket);
  }

  send(...packets: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(packets));
  }

  /** Payload of the next packet; undefined when the connection ended. */
  async next(): Promise<Buffer | undefined> {
    while (this.#rest.length < 4 || this.#rest.length < 4 + this.#rest.readUInt16BE(2)) {
      const chunk = (this.socket.read() ?? undefined) as Buffer | undefined;
      if (chunk) this.#rest = Buffer.concat([this.#rest, chunk]);
      else if (this.socket.readableEnded || this.socket.destroyed) return undefined;
      else await this.#more();
    }
    if (this.#rest.toString('latin1', 0, 2) !== 'AB') throw new Error(`no packet: ${this.#rest.toString('hex', 0, 8)}`);
    const end = 4 + this.#rest.readUInt16BE(2);
    const payload = this.#rest.subarray(4, end);
    this.#rest = this.#rest.subarray(end);
    return payload;
  }

  /** Until the end of the answer; `pieces` go out as they are asked for, and after them the end of the body. */
  async answer(pieces: Iterator<Buffer> = [][Symbol.iterator]()): Promise<Answer> {
    let head: Pick<Answer, 'status' | 'headers'> | undefined;
    const body: Buffer[] = [];
    for (let payload = await this.next(); payload; payload = await this.next()) {
      if (payload[0] === 6) {
        const piece = pieces.next();
        this.send(piece.done ? Buffer.from('12340000', 'hex') : piece.value);
      } else if (payload[0] === 4) head = readHead(payload);
      else if (payload[0] === 3) body.push(payload.subarray(3, 3 + payload.readUInt16BE(1)));
      else if (payload[0] === 5 && head) return { ...head, body: Buffer.concat(body), reuse: payload[1] === 1 };
    }
    throw new Error('the connection ended within an answer');
  }

  /** Until there is something to read, or nothing will be. */
  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      const told = (): void => {
        this.socket.off('readable', told).off('close', told);
        resolve();
      };
      this.socket.on('readable', told).on('close', told);
    });
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

function readHead(payload: Buffer): Pick<Answer, 'status' | 'headers'> {
  let offset = 3;
  const integer = (): number => payload.readUInt16BE((offset += 2) - 2);
  const text = (length = integer()): string => payload.toString('latin1', offset, (offset += length + 1) - 1);
  text();
  const headers = Array.from({ length: integer() }, (): readonly [string, string] => {
    const first = integer();
    return [first >> 8 === 0xa0 ? (responseHeaders[(first & 0xff) - 1] ?? '?') : text(first), text()];
  });
  return { status: payload.readUInt16BE(1), headers };
}
