import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FolderRef } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { SandboxServer, bridgeTo } from '../support/sandbox';
import { alice, signal } from '../support/session';

const options = { signal };

/** A balancer before several OX nodes: a session's requests go where its JSESSIONID came from, others to the next. */
class Balancer implements AsyncDisposable {
  readonly #routes = new Map<string, SandboxServer>();
  readonly #server: Server;
  /** Nodes asked, in order. */
  readonly asked: number[] = [];
  readonly #lost = new Set<SandboxServer>();
  #next = 0;

  constructor(readonly nodes: SandboxServer[]) {
    this.#server = createServer((request, response) => {
      const node = this.#nodeOf(request);
      this.asked.push(this.nodes.indexOf(node));
      const { method, headers, url } = request;
      const passed = send(new URL(url ?? '/', node.url), { method, headers }, (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const route = /^JSESSIONID=([^;]+)/.exec(line)?.[1];
          if (route !== undefined) this.#routes.set(route, node);
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(passed);
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ajax`;
  }

  /** The node is gone, and its sessions with it: the balancer asks the others. */
  lose(node: SandboxServer): void {
    this.#lost.add(node);
    for (const [route, one] of this.#routes) if (one === node) this.#routes.delete(route);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
  }

  #nodeOf(request: IncomingMessage): SandboxServer {
    const route = /JSESSIONID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const alive = this.nodes.filter((one) => !this.#lost.has(one));
    const node = this.#routes.get(route) ?? alive[this.#next++ % alive.length];
    if (!node) throw new Error('a balancer without nodes');
    return node;
  }
}

describe('several OX nodes behind a balancer', () => {
  it('each session stays at its node, and begins anew at another when the node is lost', async () => {
    const one = await SandboxServer.start('7.10');
    await using balancer = new Balancer([one, await SandboxServer.start('7.10')]);
    const { bridge } = bridgeTo(await balancer.listen(), { 'ox.watch.mode': 'poll' });
    using first = await bridge.login(alice, options);
    using second = await bridge.login({ ...alice, login: 'bob@example.com' }, options);
    const sizes = (): number[] => balancer.nodes.map(({ sandbox }) => sandbox.sessions.size);
    expect(sizes()).to.deep.equal([1, 1]);
    const folder = (await first.listFolders(options)).find(({ role }) => role === 'contacts') as FolderRef;
    await second.listFolders(options);
    balancer.asked.length = 0;
    for (let round = 0; round < 3; round++) await first.list(folder, options);
    expect(balancer.asked).to.deep.equal([0, 0, 0]);

    balancer.lose(one);
    expect((await first.list(folder, options)).items.length).to.be.greaterThan(0);
    expect(sizes()[1]).to.equal(2);
    balancer.asked.length = 0;
    for (let round = 0; round < 3; round++) await first.list(folder, options);
    expect(balancer.asked).to.deep.equal([1, 1, 1]);
    await bridge[Symbol.asyncDispose]();
  });
});
