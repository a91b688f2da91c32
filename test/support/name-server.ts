import { type Answer, decode, encode } from 'dns-packet';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A name server that knows what the test tells it. */
export class NameServer implements AsyncDisposable {
  readonly records: Answer[] = [];

  private constructor(private readonly socket: Socket) {}

  static async start(port = 0): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket);
    socket.on('message', (message, { address, port }) => {
      const query = decode(message);
      const questions = query.questions ?? [];
      const answers = server.records.filter(({ name, type }) =>
        questions.some((question) => question.name.toLowerCase() === name && question.type === type),
      );
      const known = server.records.some(({ name }) =>
        questions.some((question) => question.name.toLowerCase() === name),
      );
      const flags = 0x0400 | (known ? 0 : 3); // authoritative answer; no such name
      socket.send(encode({ type: 'response', id: query.id ?? 0, flags, questions, answers }), port, address);
    });
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }
}
