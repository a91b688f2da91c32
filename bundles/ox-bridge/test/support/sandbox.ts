import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@oxtender/bundle-api';
import Koa from 'koa';
import { type Imitation, OxSandbox, type OxSandboxOptions, seedDemo } from '@oxtender/ox-sandbox';
import { OxBridge, defaultConfig, type OxConfig } from '../../src';
import { Traffic } from '../contract/traffic';
import { RecordingLog, RecordingMetrics, realClock } from './services';

/** What goes to and fro between all bridges and sandboxes of the tests; the description is of 7.10. */
export const traffic = Traffic.open();

/** The sandbox behind a real socket, with the users of the demonstration. */
export class SandboxServer implements AsyncDisposable {
  private constructor(
    readonly sandbox: OxSandbox,
    private readonly server: Server,
  ) {}

  static async start(imitate: Imitation, options: Partial<OxSandboxOptions> = {}): Promise<SandboxServer> {
    const sandbox = new OxSandbox({
      file: ':memory:',
      clock: realClock,
      options: { imitate, knobs: true, ...options },
    });
    await seedDemo(sandbox);
    const app = new Koa({ proxy: false });
    if (traffic && imitate === '7.10') app.use(traffic.middleware());
    app.use(sandbox.middleware());
    const handle = app.callback();
    const server = createServer((request, response) => void handle(request, response));
    server.on('upgrade', (request, socket, head) => {
      if (sandbox.webSockets) sandbox.webSockets.upgrade(request, socket, head);
      else socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SandboxServer(sandbox, server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ajax`;
  }

  /** Turns one of the knobs that break the server on purpose. */
  async turn(action: string, parameters: Record<string, string> = {}): Promise<void> {
    const query = new URLSearchParams({ action, ...parameters });
    const answer = await fetch(`${this.url}/sandbox?${query.toString()}`, { method: 'POST' });
    if (!answer.ok || !(await answer.text()).includes('data')) throw new Error(`the sandbox has no knob ${action}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    this.sandbox[Symbol.dispose]();
  }
}

/** A bridge with what a test wants to look at. */
export function bridgeTo(
  url: string,
  config: Partial<OxConfig> = {},
  clock: Clock = realClock,
): { bridge: OxBridge; log: RecordingLog; metrics: RecordingMetrics } {
  const log = new RecordingLog();
  const metrics = new RecordingMetrics();
  const bridge = new OxBridge({ ...defaultConfig, 'ox.url': url, ...config }, { clock, log, metrics });
  return { bridge, log, metrics };
}
