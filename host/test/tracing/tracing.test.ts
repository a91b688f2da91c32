import { SyncError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTracing, type Tracing } from '../../src/tracing/open-tracing';
import { recordingLogger } from '../support/recording-logger';

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

interface Sent {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

describe('traces', () => {
  const spans: Span[] = [];
  let server: Server;
  let status = 200;

  beforeEach(async () => {
    spans.length = 0;
    status = 200;
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString('utf8')) as Sent;
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const open = async (log = recordingLogger(), ratio = 1): Promise<Tracing> => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
    const tracing = await openTracing({ 'host.traces.endpoint': endpoint, 'host.traces.ratio': ratio }, log);
    if (!tracing) throw new Error('no traces');
    return tracing;
  };

  it('are not there where no endpoint is configured', async () => {
    const settings = { 'host.traces.endpoint': '', 'host.traces.ratio': 1 };
    expect(await openTracing(settings, recordingLogger())).to.equal(undefined);
  });

  it('have each step below the one that it is a part of, also where several run at once', async () => {
    const tracing = await open();
    const tracer = tracing.tracer('test');
    const inner = (name: string) =>
      tracer.span(name, () => new Promise<string>((resolve) => setImmediate(resolve, name)));
    const both = tracer.span('outer', () => Promise.all([inner('first'), inner('second')]));
    expect(await both).to.deep.equal(['first', 'second']);
    await tracing[Symbol.asyncDispose]();
    const outer = spans.find(({ name }) => name === 'outer');
    const parents = spans.filter(({ name }) => name !== 'outer').map(({ parentSpanId }) => parentSpanId);
    expect(parents).to.deep.equal([outer?.spanId, outer?.spanId]);
    expect(outer?.parentSpanId ?? '').to.equal('');
  });

  it('have what is done later, by whoever, below the step that it was tied to', async () => {
    const tracing = await open();
    const tracer = tracing.tracer('test');
    const later = await tracer.span('waits', () =>
      Promise.resolve(tracer.bind((name: string) => tracer.span(name, () => Promise.resolve(name)))),
    );
    expect(await tracer.span('announces', () => later('looks'))).to.equal('looks');
    await tracing[Symbol.asyncDispose]();
    const [waits, looks] = ['waits', 'looks'].map((name) => spans.find((span) => span.name === name));
    expect(looks?.parentSpanId).to.equal(waits?.spanId);
  });

  it('begin anew with what nobody asked for, wherever it is called from', async () => {
    const tracing = await open();
    const tracer = tracing.tracer('test');
    await tracer.span('request', () => tracer.span('poll', () => Promise.resolve(), { root: true }));
    await tracing[Symbol.asyncDispose]();
    expect(spans.map(({ parentSpanId }) => parentSpanId ?? '')).to.deep.equal(['', '']);
  });

  it('say which step failed by the code of the error, not by its words', async () => {
    const tracing = await open();
    const fault = new SyncError('UNKNOWN_COLLECTION', 'private words');
    const failing = tracing.tracer('test').span('step', () => Promise.reject(fault));
    expect(await failing.catch((error: unknown) => error)).to.equal(fault);
    await tracing[Symbol.asyncDispose]();
    expect(spans[0]?.status).to.deep.equal({ code: 2, message: 'UNKNOWN_COLLECTION' });
    expect(JSON.stringify(spans)).to.not.include('private words');
  });

  it('are left out by the ratio that is configured', async () => {
    const tracing = await open(recordingLogger(), 0);
    await tracing.tracer('test').span('step', () => Promise.resolve());
    await tracing[Symbol.asyncDispose]();
    expect(spans).to.deep.equal([]);
  });

  it('that cannot be sent are told of in the log, and disturb nobody', async () => {
    const log = recordingLogger();
    status = 400;
    const tracing = await open(log);
    expect(await tracing.tracer('test').span('step', () => Promise.resolve(5))).to.equal(5);
    await tracing[Symbol.asyncDispose]();
    expect(log.lines.map(({ level, message }) => [level, message])).to.deep.equal([
      ['warn', 'traces cannot be sent: does a collector listen at host.traces.endpoint?'],
    ]);
  });
});
