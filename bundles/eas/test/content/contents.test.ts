import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Base64Bytes } from '../../src/content/base64-bytes';
import { Contents, ContentStore, heldInMemory } from '../../src/content/contents';
import { FileBytes } from '../../src/content/file-bytes';
import { type Bytes, MemoryBytes } from '../../src/wbxml';
import { TemporaryContents } from './temporary-contents';

const silent = new Proxy({} as Logger, { get: () => () => undefined });

/** Each byte differs from those near to it. */
function pattern(length: number): Buffer {
  return Buffer.alloc(length, Buffer.from(Array.from({ length: 997 }, (_, index) => (index * 7) % 251)));
}

async function* inPieces(bytes: Buffer, size = 70_001): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

async function streamed(bytes: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes.stream()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Files in the folder that this process has open, with a name or without. */
function openFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // The one by which the list itself was read.
      return [];
    }
  });
}

describe('Contents of a request', () => {
  let temporary: TemporaryContents;

  beforeEach(async () => (temporary = await TemporaryContents.create()));
  afterEach(() => temporary[Symbol.dispose]());

  for (const size of [0, 1, heldInMemory, heldInMemory + 1, 3 * heldInMemory + 17])
    it(`come back as they were: ${size} bytes`, async () => {
      await using contents = temporary.store.contents();
      const bytes = pattern(size);
      const stored = await contents.store(inPieces(bytes));
      expect(stored).to.be.instanceOf(size > heldInMemory ? FileBytes : MemoryBytes);
      expect(stored.length).to.equal(size);
      expect(bytes.equals(await streamed(stored))).to.equal(true);
      expect(bytes.equals(stored.read())).to.equal(true);
      const slice = stored.slice(3, size - 5);
      expect(bytes.subarray(3, Math.max(3, size - 5)).equals(slice.read())).to.equal(true);
    });

  it('are many, taken side by side, and together not more in memory than one', async () => {
    await using contents = temporary.store.contents();
    const all = Array.from({ length: 40 }, (_, index) => pattern(20_000 + index));
    const stored = await Promise.all(all.map((bytes) => contents.store(inPieces(bytes, 999))));
    stored.forEach((one, index) => expect(all[index]?.equals(one.read())).to.equal(true));
    const inMemory = stored.filter((one) => one instanceof MemoryBytes);
    expect(inMemory.reduce((sum, { length }) => sum + length, 0)).to.be.at.most(heldInMemory);
    expect(openFiles(temporary.folder)).to.have.length(1);
  });

  it('have no name in the folder, and are gone when the request ends', async () => {
    const contents = temporary.store.contents();
    await contents.store(inPieces(pattern(heldInMemory * 2)));
    expect(readdirSync(join(temporary.folder, 'tmp'))).to.deep.equal([]);
    expect(openFiles(temporary.folder)).to.have.length(1);
    await contents[Symbol.asyncDispose]();
    expect(openFiles(temporary.folder)).to.deep.equal([]);
  });

  it('are not kept for a request that has ended', async () => {
    const contents = temporary.store.contents();
    await contents[Symbol.asyncDispose]();
    const error = await contents.store(inPieces(pattern(heldInMemory * 2))).catch((caught: unknown) => caught);
    expect(error).to.have.property('code', 'NO_ROOM');
    expect(openFiles(temporary.folder)).to.deep.equal([]);
  });

  it('stay whole where one of them breaks off', async () => {
    await using contents = temporary.store.contents();
    const breaking = async function* (): AsyncGenerator<Uint8Array> {
      yield* inPieces(pattern(heldInMemory * 2));
      throw new Error('broken off');
    };
    const error = await contents.store(breaking()).catch((caught: unknown) => caught);
    expect(error).to.have.property('message', 'broken off');
    const bytes = pattern(heldInMemory * 2 + 1);
    expect(bytes.equals((await contents.store(inPieces(bytes))).read())).to.equal(true);
  });

  it('are refused on a full disk, and the log says so', async () => {
    const logged: unknown[] = [];
    const log = {
      error: (message: string, fields: object) => logged.push({ message, ...fields }),
    } as unknown as Logger;
    await using contents = new Contents(() => open('/dev/full', 'w'), log);
    const error = await contents.store(inPieces(pattern(heldInMemory * 2))).catch((caught: unknown) => caught);
    expect(error).to.have.property('code', 'NO_ROOM');
    expect(logged).to.have.length(1);
    expect(logged[0]).to.have.nested.property('error.code', 'ENOSPC');
  });

  it('that a process left behind are taken away at the start', async () => {
    const folder = join(temporary.folder, 'tmp');
    writeFileSync(join(folder, 'left-behind'), 'x');
    await ContentStore.open(folder, silent);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});

describe('Base64Bytes', () => {
  for (const size of [0, 1, 2, 3, 4, heldInMemory + 1, 2 * heldInMemory + 2])
    it(`is the base64 of ${size} bytes, as long as it says`, async () => {
      const temporary = await TemporaryContents.create();
      try {
        await using contents = temporary.store.contents();
        const bytes = pattern(size);
        const base64 = new Base64Bytes(await contents.store(inPieces(bytes)));
        const text = (await streamed(base64)).toString('latin1');
        expect(text === bytes.toString('base64')).to.equal(true);
        expect(base64.length).to.equal(text.length);
        expect(Buffer.from(base64.read()).toString('latin1') === text).to.equal(true);
      } finally {
        temporary[Symbol.dispose]();
      }
    });
});
