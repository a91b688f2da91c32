import type { LogFields, Logger } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import v8 from 'node:v8';
import { decode, Element, element, encode, type Tag } from '../../src/wbxml';
import type { ServedEndpoint } from '../http/serve-endpoint';
import { hasLibwbxml, libwbxmlComplaint } from './libwbxml';
import { sendRequest, serveWorld } from './play';
import { type RecordedMessage, allMessages } from './recorded';

/** What a device may be told, whatever it sends. 500: up to 12.1, a mail that cannot be sent; the log tells it from faults. */
const refusals = [200, 400, 401, 403, 413, 449, 500, 501, 505];

/** Another one in each run; FUZZ_SEED repeats the run that has it in its name. */
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

/** Answers of a run that libwbxml reads: a process for each. */
const readAnswers = 80;
/** Elements that may be alive after a run, when all its requests have been answered. */
const aliveElements = 2000;

/** Some transcripts show what a device is told of a fault that nobody expected: theirs are planted. */
function meetsPlantedFault({ world, xml = '' }: RecordedMessage): boolean {
  return world === 'troubled' || (world === 'sending' && xml.includes('F3:5'));
}

describe(`mutated requests, FUZZ_SEED=${seed}`, () => {
  const answers = new Map<string, Buffer>();
  const requests = allMessages().filter((message) => message.line.startsWith('POST') && !meetsPlantedFault(message));
  const documents = requests.filter(({ bytes, xml }) => bytes !== undefined && xml !== undefined);
  const failures: LogFields[] = [];
  const endpoints = new Map<string, ServedEndpoint>();

  let aliveBefore = 0;

  before(async () => {
    for (const world of new Set(requests.map((request) => request.world)))
      endpoints.set(world, await serveWorld(world, failureLog(failures)));
    aliveBefore = v8.queryObjects(Element, { format: 'count' });
  });

  after(() => Promise.all([...endpoints.values()].map((endpoint) => endpoint.close())));

  /** @param bytes - the body in place of the request's own */
  async function survives({ world, line, headers }: RecordedMessage, bytes: Uint8Array): Promise<void> {
    failures.length = 0;
    const endpoint = endpoints.get(world) as ServedEndpoint;
    const reply = await sendRequest({ line, headers, bytes }, endpoint);
    expect(reply.status).to.be.oneOf(refusals);
    if (Number(headers['MS-ASProtocolVersion']) >= 14) expect(reply.status).not.to.equal(500);
    expect(failures.map(({ error }) => error)).to.deep.equal([]);
    const isDocument = String(reply.headers['content-type']).startsWith('application/vnd.ms-sync');
    if (!isDocument || reply.body.length === 0) return;
    decode(reply.body);
    if (answers.size < readAnswers) answers.set(reply.body.toString('base64'), reply.body);
  }

  it('of bytes changed, put in or taken out', async () => {
    const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 3 }), insert: fc.uint8Array({ maxLength: 3 }) });
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...documents), changes, async (request, list) => {
        await survives(request, list.reduce(splice, Buffer.from(request.bytes ?? [])));
      }),
      { numRuns: 400, seed },
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
      { numRuns: 400, seed },
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
      { numRuns: 200, seed },
    );
  });

  it('are answered by what libwbxml can read', function () {
    if (!hasLibwbxml()) this.skip();
    this.timeout(60_000);
    for (const answer of answers.values()) expect(libwbxmlComplaint(answer)).to.equal(undefined);
  });

  it('leave nothing of themselves in memory', function () {
    // collects garbage first
    const alive = v8.queryObjects(Element, { format: 'count' }) - aliveBefore;
    this.test!.title += `: ${alive} elements, ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MiB of heap`;
    expect(alive).to.be.below(aliveElements);
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
