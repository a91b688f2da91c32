import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { OxSandbox, type OxSandboxOptions, seedDemo } from '../../src';

/** A clock that a test moves by hand. */
export class HandClock {
  constructor(public time = Date.UTC(2026, 10, 22, 12)) {}

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

let demoFile: Promise<string> | undefined;

/** A file with the demonstration's data, made once and copied for each server. */
async function makeDemoFile(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ox-sandbox-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'demo.sqlite');
  const sandbox = new OxSandbox({ file, clock: new HandClock() });
  await seedDemo(sandbox);
  sandbox[Symbol.dispose]();
  return file;
}

/** The sandbox behind a koa of its own on a free port. */
export class TestServer implements AsyncDisposable {
  private constructor(
    readonly sandbox: OxSandbox,
    readonly clock: HandClock,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(options: Partial<OxSandboxOptions> = {}): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ox-sandbox-test-'));
    const file = join(folder, 'ox.sqlite');
    copyFileSync(await (demoFile ??= makeDemoFile()), file);
    const clock = new HandClock();
    const sandbox = new OxSandbox({ file, clock, options: { maxRate: 0, ...options } });
    const koa = new Koa();
    koa.use(sandbox.middleware());
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- koa's handler answers its own errors
    const server = createServer(koa.callback());
    server.on('upgrade', (request, socket, head) => {
      request.url = (request.url ?? '').replace('/socket.io', '');
      sandbox.webSockets?.upgrade(request, socket, head);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestServer(sandbox, clock, server, folder);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ajax`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.sandbox[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
