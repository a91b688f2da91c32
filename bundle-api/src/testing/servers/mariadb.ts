import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from './programs';
import { ServerProcess } from './server-process';

/** Small, and as durable as it comes: tests kill it. */
const settings = [
  '--no-defaults',
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=16M',
  '--performance-schema=OFF',
  '--max-connections=200',
];

/**
 * A private MariaDB for tests: own data folder, socket and port. The user `root` has no password.
 *
 * @public
 */
export class MariaDbServer implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly user = 'root';
  readonly password = '';
  #databases = 0;

  private constructor(
    private readonly folder: string,
    private readonly process: ServerProcess,
    readonly port: number,
    /** For example `10.11.6-MariaDB`. */
    readonly version: string,
  ) {}

  /** Path of the Unix socket. */
  get socket(): string {
    return join(this.folder, 'socket');
  }

  /** Undefined when MariaDB is not installed. Takes some seconds. */
  static async start(): Promise<MariaDbServer | undefined> {
    const program = findProgram('mariadbd');
    const install = findProgram('mariadb-install-db');
    if (!program || !install || !findProgram('mariadb')) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-mariadb-'));
    const user = ownUser(folder);
    const data = join(folder, 'data');
    run(install, [
      '--no-defaults',
      `--datadir=${data}`,
      '--skip-test-db',
      '--auth-root-authentication-method=normal',
      ...user,
    ]);
    const port = await freePort();
    const args = [...settings, ...user, `--datadir=${data}`, `--socket=${join(folder, 'socket')}`, `--port=${port}`];
    const server = new ServerProcess({
      program,
      args: [...args, `--pid-file=${join(folder, 'pid')}`],
      ready: /ready for connections/,
      folder,
    });
    await server.start();
    const version = run(program, ['--version']).match(/Ver (\S+)/)?.[1] ?? 'unknown';
    return new MariaDbServer(folder, server, port, version);
  }

  /** Process id of the server. */
  get pid(): number {
    return this.process.pid;
  }

  /** Makes an empty database, and returns its name. */
  createDatabase(): string {
    const name = `test_${++this.#databases}`;
    this.execute(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    return name;
  }

  /** Deletes a database with everything in it. */
  dropDatabase(name: string): void {
    this.execute(`DROP DATABASE IF EXISTS ${name}`);
  }

  /** Runs statements through the command line client, independently of every driver; returns rows of tab separated values. */
  execute(sql: string, database?: string): string {
    const client = findProgram('mariadb') ?? 'mariadb';
    const args = ['--no-defaults', `--socket=${this.socket}`, '--user=root', '--batch', '--skip-column-names'];
    return run(client, [...args, '--execute', sql, ...(database ? [database] : [])]);
  }

  /** As a power failure does, but for the disk. */
  async kill(): Promise<void> {
    await this.process.end('SIGKILL');
  }

  /**
   * Stops it and starts it again on the same port and data.
   *
   * @param args - more options of mariadbd, until the next start
   */
  async restart(args: readonly string[] = []): Promise<void> {
    await this.process.end('SIGTERM');
    await this.process.start(args);
  }

  /** After `kill`. Does nothing when it runs. */
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

  /** Stops it and deletes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** MariaDB refuses to run as root: it gets a user and a folder that this user can enter. */
function ownUser(folder: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const user = spawnSync('id', ['-u', 'mysql']).status === 0 ? 'mysql' : 'nobody';
  run('chown', [user, folder]);
  chmodSync(folder, 0o755);
  return [`--user=${user}`];
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${program} failed: ${error?.message ?? `${stdout}${stderr}`.slice(-2000)}`);
}
