import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from './host-process';

export type Severity = 'low' | 'moderate' | 'high' | 'critical';

/** A registry of npm that knows of faults in packages, as its "bulk advisory" endpoint tells them, and of nothing else. */
export class FakeRegistry implements AsyncDisposable {
  /** Faults by package. */
  faults: Readonly<Record<string, Severity>> = {};
  /** Answered to everything instead. */
  failure: number | undefined;
  readonly #server: Server;
  /** Ids are never given twice: npm remembers what it made of one. */
  #advisories = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry();
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const send = (status: number, content: object): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
    const { url = '' } = request;
    if (this.failure !== undefined) send(this.failure, { error: 'not here' });
    else if (url.endsWith('/advisories/bulk')) send(200, this.#adviceOn(body));
    else if (request.method === 'GET') send(200, packument(decodeURIComponent(url.slice(1))));
    else send(404, {});
  }

  #adviceOn(body: Buffer): object {
    const text = body[0] === 0x1f ? gunzipSync(body) : body;
    const asked = JSON.parse(text.toString('utf8')) as Readonly<Record<string, readonly string[]>>;
    const known = Object.entries(this.faults).filter(([name]) => name in asked);
    return Object.fromEntries(
      known.map(([name, severity]) => [
        name,
        [
          {
            ...{
              id: (this.#advisories += 1),
              name,
              severity,
              title: `Fault of ${name}`,
              url: `https://advisories.example/${name}`,
            },
            ...{ vulnerable_versions: '*', cwe: [], cvss: { score: 8, vectorString: null } },
          },
        ],
      ]),
    );
  }
}

/** As much of a package's page as npm asks for when it looks for a version without the fault. */
function packument(name: string): object {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { version?: string; dependencies?: object }>>;
  };
  const installed = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  const versions = installed.map(([, { version = '', dependencies = {} }]) => [
    version,
    { name, version, dependencies },
  ]);
  return { name, 'dist-tags': { latest: versions[0]?.[0] }, versions: Object.fromEntries(versions) as object };
}
