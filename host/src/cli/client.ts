import { OxtenderError } from '@oxtender/bundle-api';
import { connect, type Socket } from 'node:net';
import { readJsonLines, writeJsonLine } from '../admin/json-lines';
import type { AdminAnswer, AdminRequest } from '../admin/protocol';
import { socketPath } from '../admin/socket-path';

/** `NO_HOST`: nobody serves the data folder. `FAILED`: the command did. */
export class ClientError extends OxtenderError<'NO_HOST' | 'FAILED'> {}

export interface RequestOptions {
  /** Progress and records, as they come. */
  readonly onAnswer?: (answer: AdminAnswer) => void;
  /** Interrupts the command; what it answered so far is its result. */
  readonly signal?: AbortSignal;
}

/** A host that runs, by its data folder. */
export class HostClient {
  constructor(readonly data: string) {}

  /** Sends one request and hands on what is answered, up to the result. @throws ClientError */
  async request(request: AdminRequest, options: RequestOptions = {}): Promise<AdminAnswer & { kind: 'result' }> {
    const socket = await this.#connect();
    const interrupt = (): void => void socket.destroy();
    options.signal?.addEventListener('abort', interrupt, { once: true });
    try {
      writeJsonLine(socket, request);
      for await (const answer of readJsonLines(socket) as AsyncIterable<AdminAnswer>) {
        if (answer.kind === 'error') throw new ClientError('FAILED', answer.message);
        if (answer.kind === 'result') return answer;
        options.onAnswer?.(answer);
      }
      if (options.signal?.aborted) return { kind: 'result', result: undefined };
      throw new ClientError('FAILED', 'the host ended before it answered');
    } finally {
      options.signal?.removeEventListener('abort', interrupt);
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
