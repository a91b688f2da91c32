import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DisposableStore,
  type Folder,
  type FolderRef,
  type FolderRole,
  type GroupwareSession,
  type Item,
  type ItemClass,
  type ItemPatch,
  type Metrics,
} from '@oxtender/bundle-api';
import { defaultConfig, OxBridge } from '@oxtender/ox-bridge';
import { type Imitation, OxSandbox } from '@oxtender/ox-sandbox';
import Koa, { type Middleware } from 'koa';
import { systemClock } from '../support/databases';
import { silentLogger } from '../support/silent-logger';
import { never } from '../support/world';
import { oxItemKinds } from './ox-item-kinds';
import type { TestedGroupware } from './tested-groupware';

const noMetrics: Metrics = {
  counter: () => ({ add: () => undefined }),
  gauge: () => ({ set: () => undefined }),
  histogram: () => ({ observe: () => undefined }),
};

/** An Open-Xchange server behind a socket, whose connections break when a test says so. */
export class OxServer implements AsyncDisposable {
  readonly #held = new DisposableStore();
  readonly #sandbox: OxSandbox;
  readonly #server: Server;
  #break: { requests: number; readonly moment: 'before' | 'after' } | undefined;
  #users = 0;

  private constructor(imitate: Imitation) {
    this.#sandbox = this.#held.add(
      new OxSandbox({ file: ':memory:', clock: systemClock, options: { imitate, maxRate: 0, maxSessionsPerUser: 0 } }),
    );
    const app = new Koa().use(this.#breaking()).use(this.#sandbox.middleware());
    const handle = app.callback();
    this.#server = createServer((request, response) => void handle(request, response));
  }

  static async start(imitate: Imitation): Promise<OxServer> {
    const server = new OxServer(imitate);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** A user who has nothing yet, with the bridge of the engine and one for other programs. */
  async tested(): Promise<TestedOx> {
    const login = `user${++this.#users}@example.com`;
    await this.#sandbox.contexts
      .open(1)
      .addUser({ login, mail: login, password: 'secret', displayName: login, timezone: 'Europe/Berlin' });
    const [bridge, other] = [this.#bridge(), this.#bridge()];
    return new TestedOx(
      this,
      login,
      { bridge, other },
      await other.login({ login, password: 'secret' }, { signal: never }),
    );
  }

  /** The n-th request from now finds no server, or gets no answer. */
  breakDown(requests: number, moment: 'before' | 'after'): void {
    this.#break = { requests, moment };
  }

  recover(): void {
    this.#break = undefined;
  }

  endSessions(): void {
    this.#sandbox.sessions.endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    await this.#held.dispose();
  }

  #bridge(): OxBridge {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ajax`;
    const config = { ...defaultConfig, 'ox.url': url, 'ox.watch.mode': 'poll', 'ox.breaker.failures': 1e6 } as const;
    return new OxBridge(config, { clock: systemClock, log: silentLogger, metrics: noMetrics });
  }

  #breaking(): Middleware {
    return async (context, next) => {
      const due = this.#break && --this.#break.requests === 0 ? this.#break.moment : undefined;
      if (due !== 'before') await next();
      if (due === undefined) return;
      context.respond = false;
      context.req.socket.destroy();
    };
  }
}

/** A user of the server. */
export class TestedOx implements TestedGroupware, AsyncDisposable {
  readonly kinds = oxItemKinds;
  readonly openSessions = 0;
  readonly bridge: OxBridge;

  constructor(
    private readonly server: OxServer,
    readonly login: string,
    private readonly bridges: { readonly bridge: OxBridge; readonly other: OxBridge },
    private readonly programs: GroupwareSession,
  ) {
    this.bridge = bridges.bridge;
  }

  async folder(role: FolderRole): Promise<FolderRef> {
    const found = (await this.programs.listFolders({ signal: never })).find((one) => one.role === role);
    if (!found) throw new Error(`the user has no ${role}`);
    return found;
  }

  async addFolder(name: string, itemClass: ItemClass): Promise<FolderRef> {
    const { id } = await this.programs.createFolder({ name, itemClass }, { signal: never });
    return { id, itemClass };
  }

  folders(): Promise<readonly Folder[]> {
    return this.programs.listFolders({ signal: never });
  }

  async renameFolder(folder: FolderRef, name: string): Promise<void> {
    await this.programs.updateFolder(folder, { name }, { signal: never });
  }

  async removeFolder(folder: FolderRef): Promise<void> {
    await this.programs.deleteFolder(folder, { signal: never });
  }

  async put(folder: FolderRef, item: Item): Promise<void> {
    await this.programs.create(folder, item, { key: crypto.randomUUID(), signal: never });
  }

  async deliver(folder: FolderRef, { subject }: { readonly subject: string }): Promise<void> {
    const lines = ['From: a@example.org', `Subject: ${subject}`, `Message-ID: <${crypto.randomUUID()}@example.org>`];
    await this.put(folder, { source: Buffer.from(`${lines.join('\r\n')}\r\n\r\nHello\r\n`), read: false });
  }

  async change(folder: FolderRef, id: string, patch: ItemPatch): Promise<void> {
    await this.programs.patch(folder, id, patch, { signal: never });
  }

  async remove(folder: FolderRef, id: string): Promise<void> {
    const [result] = await this.programs.delete(folder, [id], { mode: 'permanent', signal: never });
    if (result?.error) throw result.error;
  }

  async items(folder: FolderRef): Promise<{ readonly id: string; readonly item: Item }[]> {
    const { items } = await this.programs.list(folder, { signal: never });
    const ids = items.map(({ id }) => id);
    const read = await this.programs.read(folder, ids, { signal: never });
    return read.map((result) => {
      if (result.error) throw result.error;
      return result;
    });
  }

  /** The longer the method's name, the later: which call it meets is nobody's plan. */
  breakDown(method: string, moment: 'before' | 'after'): void {
    this.server.breakDown(1 + (method.length % 4), moment);
  }

  recover(): void {
    this.server.recover();
  }

  /** The engine's session too; the other programs log in again at once. */
  async forget(): Promise<void> {
    this.server.endSessions();
    await this.programs.listFolders({ signal: never });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.programs[Symbol.dispose]();
    for (const bridge of Object.values(this.bridges)) await bridge[Symbol.asyncDispose]();
  }
}
