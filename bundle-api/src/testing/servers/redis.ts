import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from './programs';
import { ServerProcess } from './server-process';

/**
 * A private Redis for tests, which keeps nothing on the disk.
 *
 * @public
 */
export class RedisServer implements AsyncDisposable {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly process: ServerProcess,
  ) {}

  /** Undefined when neither Redis nor Valkey is installed. */
  static async start(): Promise<RedisServer | undefined> {
    const program = findProgram('redis-server') ?? findProgram('valkey-server');
    if (!program) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-redis-'));
    const port = await freePort();
    const server = new ServerProcess({
      program,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
      ready: /Ready to accept connections/,
      folder,
    });
    await server.start();
    return new RedisServer(port, folder, server);
  }

  /** As clients connect to it. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Process id of the server. */
  get pid(): number {
    return this.process.pid;
  }

  /** Ends it; what it knew is gone. */
  async stop(): Promise<void> {
    await this.process.end('SIGKILL');
  }

  /** After `stop`, on the same port. */
  async startAgain(): Promise<void> {
    await this.process.start();
  }

  /** The server answers nothing until `resume`. */
  async suspend(): Promise<void> {
    await this.process.suspend();
  }

  /** Lets a suspended server go on. */
  resume(): void {
    this.process.resume();
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
