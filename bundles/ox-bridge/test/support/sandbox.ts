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
  async turn(action: string, parameters: Record<string, string> = {}): Promise<unknown> {
    const query = new URLSearchParams({ action, ...parameters });
    const answer = await fetch(`${this.url}/sandbox?${query.toString()}`, { method: 'POST' });
    const { data } = (await answer.json()) as { data?: unknown };
    if (!answer.ok || data === undefined) throw new Error(`the sandbox has no knob ${action}`);
    return data;
  }

  /** The owner gives another user full rights to the objects of a folder, as by the web front end. */
  async share(folder: string, owner: { login: string; password: string }, others: readonly number[]): Promise<void> {
    const headers = { 'User-Agent': 'Mozilla/5.0 (test)', 'Content-Type': 'application/json' };
    const form = new URLSearchParams({ name: owner.login, password: owner.password, client: 'web', version: '1' });
    const login = await fetch(`${this.url}/login?action=login&authId=${crypto.randomUUID()}`, {
      method: 'POST',
      headers: { 'User-Agent': 'Mozilla/5.0 (test)' },
      body: form,
    });
    const { session, user_id } = (await login.json()) as { session: string; user_id: number };
    const cookie = login.headers.getSetCookie().map((one) => one.split(';', 1)[0]);
    const [admin, author] = [403710016, 4227330];
    const permissions = [
      { entity: user_id, group: false, bits: admin },
      ...others.map((entity) => ({ entity, group: false, bits: author })),
    ];
    const query = new URLSearchParams({ action: 'update', session, id: folder, timestamp: String(2 ** 53 - 1) });
    const answer = await fetch(`${this.url}/folders?${query.toString()}`, {
      method: 'PUT',
      headers: { ...headers, Cookie: cookie.join('; ') },
      body: JSON.stringify({ folder: { permissions } }),
    });
    const text = await answer.text();
    if (text.includes('"error"')) throw new Error(`not shared: ${text}`);
    await fetch(`${this.url}/login?action=logout&session=${session}`, {
      headers: { ...headers, Cookie: cookie.join('; ') },
    });
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
