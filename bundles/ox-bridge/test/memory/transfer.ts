import { bridgeTo } from '../support/sandbox';
import { anna, signal } from '../support/session';

/*
 * A process of its own, for its memory to be measured: takes an attachment from the server at the given URL, and sends a
 * mail as large. Prints by how many bytes its memory grew at most. Needs --expose-gc.
 */

const inbox = { id: 'default0/INBOX', itemClass: 'Email' as const };
const step = 4 << 20;

function used(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Looks at the memory after each few megabytes that pass. */
class Gauge {
  readonly #before = used();
  #bytes = 0;
  peak = 0;

  pass(bytes: number): void {
    if (Math.floor((this.#bytes + bytes) / step) > Math.floor(this.#bytes / step))
      this.peak = Math.max(this.peak, used() - this.#before);
    this.#bytes += bytes;
  }

  get report(): { bytes: number; peak: number } {
    return { bytes: this.#bytes, peak: this.peak };
  }
}

async function* bigMail(size: number, gauge: Gauge): AsyncGenerator<Uint8Array> {
  yield Buffer.from('From: anna@example.com\r\nTo: bob@example.com\r\nSubject: big\r\n\r\n');
  const line = 'A'.repeat(76) + '\r\n';
  for (let sent = 0; sent < size; sent += 1 << 16) {
    const chunk = Buffer.from(line.repeat(Math.ceil((1 << 16) / line.length)).slice(0, 1 << 16));
    gauge.pass(chunk.length);
    yield await Promise.resolve(chunk);
  }
}

async function drain(stream: AsyncIterable<Uint8Array>, see: (chunk: Uint8Array) => void): Promise<void> {
  for await (const chunk of stream) see(chunk);
}

async function main(url: string, size: number): Promise<void> {
  const { bridge } = bridgeTo(url, { 'ox.watch.mode': 'poll' });
  const session = await bridge.login(anna, { signal });
  // Once before, for what is made at the first time only.
  await drain((await session.readAttachment(inbox, '7', '2', { signal })).content, () => undefined);
  const [down, up] = [new Gauge(), new Gauge()];
  const { content } = await session.readAttachment(inbox, '7', '2', { signal });
  await drain(content, (chunk) => down.pass(chunk.length));
  await session.mail?.send(bigMail(size, up), { signal, saveInSent: true });
  session[Symbol.dispose]();
  await bridge[Symbol.asyncDispose]();
  process.stdout.write(JSON.stringify({ down: down.report, up: up.report }));
}

const [, , url = '', size = '0'] = process.argv;
if (require.main === module) void main(url, Number(size));
