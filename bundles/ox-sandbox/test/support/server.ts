import { type Server, createServer } from 'node:http';
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

/** The sandbox behind a koa of its own on a free port. */
export class TestServer implements AsyncDisposable {
  private constructor(
    readonly sandbox: OxSandbox,
    readonly clock: HandClock,
    private readonly server: Server,
  ) {}

  static async start(
    options: Partial<OxSandboxOptions> = {},
    { demo = true, file = ':memory:' } = {},
  ): Promise<TestServer> {
    const clock = new HandClock();
    const sandbox = new OxSandbox({ file, clock, options: { maxRate: 0, ...options } });
    if (demo) await seedDemo(sandbox);
    const koa = new Koa();
    koa.use(sandbox.middleware());
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- koa's handler answers its own errors
    const server = createServer(koa.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestServer(sandbox, clock, server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ajax`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.sandbox[Symbol.dispose]();
  }
}
