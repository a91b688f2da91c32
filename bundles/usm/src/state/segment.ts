import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import {
  readDays,
  readHashes,
  readIds,
  readMarks,
  readVersions,
  writeDays,
  writeHashes,
  writeIds,
  writeMarks,
  writeVersions,
} from './columns';
import { type Entry, isOnDevice, Mark } from './entry';

/** Most items in one segment: what a change of one item decodes and encodes again. */
export const segmentCapacity = 512;

const compression = { level: 4 };

/** How many items of a segment bear each mark, by {@link Mark}. */
export type MarkCounts = readonly number[];

/**
 * A run of items by ascending id; never changed once made, so that successive states share it. Packed in columns and
 * deflated; unpacked only as long as somebody looks at it.
 */
export class Segment {
  #entries: readonly Entry[] | undefined;
  #packed: Uint8Array | undefined;

  private constructor(
    readonly firstId: string,
    readonly counts: MarkCounts,
    content: { entries?: readonly Entry[]; packed?: Uint8Array },
  ) {
    this.#entries = content.entries;
    this.#packed = content.packed;
  }

  /** @param entries - at least one, by ascending id */
  static of(entries: readonly Entry[]): Segment {
    const counts = new Array<number>(Object.keys(Mark).length).fill(0);
    for (const { mark } of entries) counts[mark] = (counts[mark] ?? 0) + 1;
    return new Segment(entries[0]?.id ?? '', counts, { entries });
  }

  static packed(firstId: string, counts: MarkCounts, packed: Uint8Array): Segment {
    return new Segment(firstId, counts, { packed });
  }

  get size(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get entries(): readonly Entry[] {
    return (this.#entries ??= unpack(this.#packed ?? new Uint8Array(), this.size));
  }

  /** The packed form; the unpacked one is dropped. */
  pack(): Uint8Array {
    this.#packed ??= pack(this.#entries ?? []);
    this.#entries = undefined;
    return this.#packed;
  }
}

function pack(entries: readonly Entry[]): Uint8Array {
  const out = new ByteWriter();
  const column = <T>(read: (entry: Entry) => T): T[] => entries.map(read);
  writeIds(
    out,
    column(({ id }) => id),
  );
  writeMarks(
    out,
    column(({ mark }) => mark),
  );
  writeDays(
    out,
    column(({ day }) => day),
  );
  writeVersions(
    out,
    column(({ version }) => version),
  );
  out.bits(entries.map(isOnDevice));
  const known = entries.flatMap(({ hashes }) => (hashes ? [hashes] : []));
  const fieldCount = known[0]?.length ?? 0;
  out.uint(fieldCount);
  const hashes = new Uint32Array(known.length);
  for (let field = 0; field < fieldCount; field++) {
    for (const [row, ofItem] of known.entries()) hashes[row] = ofItem[field] ?? 0;
    writeHashes(out, hashes);
  }
  return deflateRawSync(out.finish(), compression);
}

function unpack(packed: Uint8Array, count: number): Entry[] {
  const input = new ByteReader(inflateRawSync(packed));
  const ids = readIds(input, count);
  const marks = readMarks(input, count);
  const days = readDays(input, count);
  const versions = readVersions(input, count);
  const onDevice = input.bits(count);
  const knownCount = onDevice.filter(Boolean).length;
  const fieldCount = input.uint();
  const hashes = new Uint32Array(knownCount * fieldCount);
  for (let field = 0; field < fieldCount; field++) {
    readHashes(input, knownCount, (row, hash) => (hashes[row * fieldCount + field] = hash));
  }
  let at = 0;
  return ids.map((id, row) => ({
    id,
    version: versions[row] ?? '',
    mark: (marks[row] ?? Mark.Known) as Mark,
    day: days[row],
    hashes: onDevice[row] === true ? hashes.subarray(at, (at += fieldCount)) : undefined,
  }));
}
