import Koa from 'koa';
import { join } from 'node:path';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TemporaryContents } from '../content/temporary-contents';
import { Endpoint, type EndpointParts } from '../../src/http/endpoint';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

export interface ServedEndpoint {
  readonly port: number;
  /** Where large contents go. */
  readonly contentFolder: string;
  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Reply>;
  close(): Promise<void>;
}

/** Serves an endpoint on a free port as the host does: with a signal and an id for every request. */
export async function serveEndpoint(parts: Omit<EndpointParts, 'contents'>): Promise<ServedEndpoint> {
  const contents = await TemporaryContents.create(parts.log);
  const app = new Koa();
  app.silent = true;
  app.use(async (context, next) => {
    const controller = new AbortController();
    context.res.once('close', () => {
      if (!context.res.writableFinished) controller.abort(new Error('the client went away'));
    });
    Object.assign(context.state, { signal: controller.signal, requestId: 'r1' });
    await next();
  });
  app.use(new Endpoint({ ...parts, contents: contents.store }).middleware);
  const handle = app.callback();
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    contentFolder: join(contents.folder, 'tmp'),
    async send(method, path, headers, body, signal) {
      const outgoing = request({ agent, port, method, path, headers, ...(signal && { signal }) });
      outgoing.end(body);
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      contents[Symbol.dispose]();
    },
  };
}
