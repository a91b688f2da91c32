import type { LogFields, Logger } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { decode, type Element, element, encode, type Tag } from '../../src/wbxml';
import type { ServedEndpoint } from '../http/serve-endpoint';
import { sendRequest, serveWorld } from './play';
import { type RecordedMessage, allMessages } from './recorded';

/** What a device may be told, whatever it sends. 500: up to 12.1, a mail that cannot be sent; the log tells it from faults. */
const refusals = [200, 400, 401, 403, 413, 449, 500, 501, 505];

describe('mutated requests', () => {
  const requests = allMessages().filter(({ line }) => line.startsWith('POST'));
  const documents = requests.filter(({ bytes, xml }) => bytes !== undefined && xml !== undefined);
  const failures: LogFields[] = [];
  const endpoints = new Map<string, ServedEndpoint>();

  before(async () => {
    for (const world of new Set(requests.map((request) => request.world)))
      endpoints.set(world, await serveWorld(world, failureLog(failures)));
  });

  after(() => Promise.all([...endpoints.values()].map((endpoint) => endpoint.close())));

  /** @param bytes - the body in place of the request's own */
  async function survives({ world, line, headers }: RecordedMessage, bytes: Uint8Array): Promise<void> {
    failures.length = 0;
    const endpoint = endpoints.get(world) as ServedEndpoint;
    const reply = await sendRequest({ line, headers, bytes }, endpoint);
    expect(reply.status).to.be.oneOf(refusals);
    expect(failures.map(({ error }) => error)).to.deep.equal([]);
    const isDocument = String(reply.headers['content-type']).startsWith('application/vnd.ms-sync');
    if (isDocument && reply.body.length > 0) decode(reply.body);
  }

  it('of bytes changed, put in or taken out', async () => {
    const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 3 }), insert: fc.uint8Array({ maxLength: 3 }) });
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...documents), changes, async (request, list) => {
        await survives(request, list.reduce(splice, Buffer.from(request.bytes ?? [])));
      }),
      { numRuns: 400 },
    );
  });

  it('of elements left out, doubled, emptied, filled with other text or renamed', async () => {
    const operation = fc.constantFrom<Operation>('drop', 'double', 'empty', 'text', 'rename');
    const edits = fc.array(fc.record({ at: fc.nat(), operation, text: fc.string() }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...documents), edits, async (request, list) => {
        const tree = list.reduce(edit, decode(request.bytes ?? Buffer.alloc(0)));
        await survives(request, encode(tree));
      }),
      { numRuns: 400 },
    );
  });

  it('of the query', async () => {
    const edit = fc.record({ at: fc.nat(), insert: fc.stringMatching(/^[A-Za-z0-9%&=+/,]{0,6}$/) });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), edit, async (request, { at, insert }) => {
        const { line, bytes = Buffer.alloc(0) } = request;
        const position = 35 + (at % (line.length - 34));
        await survives({ ...request, line: line.slice(0, position) + insert + line.slice(position + 1) }, bytes);
      }),
      { numRuns: 200 },
    );
  });
});

type Operation = 'drop' | 'double' | 'empty' | 'text' | 'rename';

function splice(bytes: Buffer, { at, remove, insert }: { at: number; remove: number; insert: Uint8Array }): Buffer {
  const position = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, position), insert, bytes.subarray(position + remove)]);
}

/** The tree with one of its elements, not the root, changed. */
function edit(root: Element, { at, operation, text }: { at: number; operation: Operation; text: string }): Element {
  const all = descendants(root);
  const chosen = all[at % Math.max(1, all.length)];
  const other = all[(at * 7 + 1) % Math.max(1, all.length)]?.tag ?? root.tag;
  const rebuild = (node: Element): Element[] => (node === chosen ? changed(node, operation, text, other) : [copy(node)]);
  const copy = (node: Element): Element =>
    node.children.length > 0 ? element(node.tag, node.children.flatMap(rebuild)) : node;
  return copy(root);
}

function changed(node: Element, operation: Operation, text: string, other: Tag): Element[] {
  switch (operation) {
    case 'drop':
      return [];
    case 'double':
      return [node, node];
    case 'empty':
      return [element(node.tag)];
    case 'text':
      return [element(node.tag, text)];
    case 'rename':
      return [element(other, ...(node.children.length > 0 ? [node.children] : [node.text]))];
  }
}

function descendants(node: Element): Element[] {
  return node.children.flatMap((child) => [child, ...descendants(child)]);
}

/** Keeps what only a broken server writes. */
function failureLog(failures: LogFields[]): Logger {
  const ignore = () => undefined;
  const error = (_: string, fields: LogFields = {}) => void failures.push(fields);
  const log: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error, child: () => log, isEnabled: () => true };
  return log;
}
