import type { Logger } from '@oxtender/bundle-api';
import { isOxtenderError } from '@oxtender/bundle-api';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { umask } from 'node:process';
import { errorText } from '../log/error-fields';
import type { CommandRunner } from './command-runner';
import { readJsonLines, writeJsonLine } from './json-lines';
import type { AdminAnswer, AdminRequest } from './protocol';

/** The Unix socket that operators' commands come in by: who may open it may do everything (rule O1). */
export class AdminSocket implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #runner: CommandRunner | undefined;

  constructor(
    private readonly path: string,
    private readonly log: Logger,
  ) {
    this.#server = createServer((socket) => void this.#serve(socket));
  }

  /** @throws Error when another host serves this socket: one data folder, one host */
  async listen(): Promise<void> {
    try {
      await this.#listen();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (await isServed(this.path))
        throw new Error(`a host runs on this data folder already (${this.path})`, { cause: error });
      rmSync(this.path, { force: true });
      await this.#listen();
    }
  }

  /** From here on commands are run; before, they are told to wait. */
  open(runner: CommandRunner): void {
    this.#runner = runner;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** The mode is given at creation: there is no moment in which others could connect. */
  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      const before = umask(0o177);
      try {
        this.#server.listen(this.path, () => {
          this.#server.off('error', reject);
          resolve();
        });
      } finally {
        umask(before);
      }
    });
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    const gone = new AbortController();
    socket.once('close', () => {
      this.#sockets.delete(socket);
      gone.abort(new Error('the operator interrupted the command'));
    });
    socket.on('error', () => socket.destroy());
    try {
      for await (const request of readJsonLines(socket)) {
        // Not awaited: reading on is how the end of the connection is seen.
        void this.#answer(socket, request as AdminRequest, gone.signal);
      }
    } catch (error) {
      this.log.warn('bad request on the admin socket', { error });
      socket.destroy();
    }
  }

  async #answer(socket: Socket, request: AdminRequest, signal: AbortSignal): Promise<void> {
    const send = (answer: AdminAnswer): void => void writeJsonLine(socket, answer);
    try {
      if (!this.#runner) throw new Error('the host is starting: try again in a moment');
      send({ kind: 'result', ...(await this.#runner.handle(request, { send, signal })) });
    } catch (error) {
      send({ kind: 'error', message: errorText(error), ...(isOxtenderError(error) && { code: error.code }) });
    }
    socket.end();
  }
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
