import { OxtenderError } from '@oxtender/bundle-api';
import { connect, type Socket } from 'node:net';
import { readJsonLines, writeJsonLine } from '../admin/json-lines';
import type { AdminAnswer, AdminRequest } from '../admin/protocol';
import { socketPath } from '../admin/socket-path';

/** `NO_HOST`: nobody serves the data folder. `FAILED`: the command did. */
export class ClientError extends OxtenderError<'NO_HOST' | 'FAILED'> {}

/** A host that runs, by its data folder. */
export class HostClient {
  constructor(readonly data: string) {}

  /** Sends one request and hands on what is answered, up to the result. @throws ClientError */
  async request(
    request: AdminRequest,
    onAnswer: (answer: AdminAnswer) => void = () => undefined,
  ): Promise<AdminAnswer & { kind: 'result' }> {
    const socket = await this.#connect();
    try {
      writeJsonLine(socket, request);
      for await (const answer of readJsonLines(socket) as AsyncIterable<AdminAnswer>) {
        if (answer.kind === 'error') throw new ClientError('FAILED', answer.message);
        if (answer.kind === 'result') return answer;
        onAnswer(answer);
      }
      throw new ClientError('FAILED', 'the host ended before it answered');
    } finally {
      socket.destroy();
    }
  }

  #connect(): Promise<Socket> {
    const path = socketPath(this.data);
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(socket));
      socket.once('error', (cause: NodeJS.ErrnoException) => {
        const denied = cause.code === 'EACCES';
        const message = denied
          ? `you may not use ${path}: commands are for the user that the host runs as`
          : `no host runs on ${this.data}. Start one with: oxtender run --data ${this.data}`;
        reject(new ClientError('NO_HOST', message, { cause }));
      });
    });
  }
}
