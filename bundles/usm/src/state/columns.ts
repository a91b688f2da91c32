import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

/** Ways to write a column of values. The numbers are stored. */
const Form = { Numbers: 0, Texts: 1, Dictionary: 2, Nothing: 3, Sparse: 4, Dense: 5 } as const;

/** A decimal number that its text can be made from again. */
const plainNumber = /^(?:0|[1-9][0-9]{0,14})$/;

/** Ids in ascending order: distances where all are numbers, else each by what it does not share with the one before. */
export function writeIds(out: ByteWriter, ids: readonly string[]): void {
  if (ids.every((id) => plainNumber.test(id))) {
    out.byte(Form.Numbers);
    writeDistances(out, ids.map(Number));
    return;
  }
  out.byte(Form.Texts);
  let before = '';
  for (const id of ids) {
    const shared = sharedPrefix(before, id);
    out.uint(shared);
    out.text(id.slice(shared));
    before = id;
  }
}

export function readIds(input: ByteReader, count: number): string[] {
  if (input.byte() === Form.Numbers) return readDistances(input, count).map(String);
  const ids: string[] = [];
  for (let before = ''; ids.length < count; ids.push(before)) before = before.slice(0, input.uint()) + input.text();
  return ids;
}

/** Versions: a list of the distinct ones where they repeat, distances where all are numbers, else as they are. */
export function writeVersions(out: ByteWriter, versions: readonly string[]): void {
  const distinct = [...new Set(versions)];
  if (distinct.length * 2 <= versions.length) {
    out.byte(Form.Dictionary);
    out.uint(distinct.length);
    distinct.forEach((version) => out.text(version));
    const positions = new Map(distinct.map((version, at) => [version, at]));
    versions.forEach((version) => out.uint(positions.get(version) ?? 0));
  } else if (versions.every((version) => plainNumber.test(version))) {
    out.byte(Form.Numbers);
    writeDistances(out, versions.map(Number));
  } else {
    out.byte(Form.Texts);
    versions.forEach((version) => out.text(version));
  }
}

export function readVersions(input: ByteReader, count: number): string[] {
  switch (input.byte()) {
    case Form.Dictionary: {
      const distinct = repeat(input.uint(), () => input.text());
      return repeat(count, () => distinct[input.uint()] ?? '');
    }
    case Form.Numbers:
      return readDistances(input, count).map(String);
    default:
      return repeat(count, () => input.text());
  }
}

/** Days, of which some or all may be missing. */
export function writeDays(out: ByteWriter, days: readonly (number | undefined)[]): void {
  const given = days.filter((day) => day !== undefined);
  if (given.length === 0) {
    out.byte(Form.Nothing);
    return;
  }
  out.byte(Form.Sparse);
  out.bits(days.map((day) => day !== undefined));
  writeDistances(out, given);
}

export function readDays(input: ByteReader, count: number): (number | undefined)[] {
  if (input.byte() === Form.Nothing) return Array.from({ length: count }, () => undefined);
  const present = input.bits(count);
  const given = readDistances(input, present.filter(Boolean).length);
  let at = 0;
  return present.map((isGiven) => (isGiven ? given[at++] : undefined));
}

/** Small numbers, mostly 0. */
export function writeMarks(out: ByteWriter, marks: readonly number[]): void {
  const isUniform = marks.every((mark) => mark === 0);
  out.byte(isUniform ? Form.Nothing : Form.Dense);
  if (!isUniform) for (const mark of marks) out.byte(mark);
}

export function readMarks(input: ByteReader, count: number): number[] {
  if (input.byte() === Form.Nothing) return Array.from({ length: count }, () => 0);
  return repeat(count, () => input.byte());
}

/** One field's hashes over all items: 24-bit numbers, 0 for an empty field. */
export function writeHashes(out: ByteWriter, hashes: Uint32Array): void {
  if (hashes.every((hash) => hash === 0)) {
    out.byte(Form.Nothing);
    return;
  }
  const distinct = [...new Set(hashes)];
  if (distinct.length <= 255 && distinct.length * 2 <= hashes.length) {
    out.byte(Form.Dictionary);
    out.byte(distinct.length);
    for (const hash of distinct) out.uint24(hash);
    const positions = new Map(distinct.map((hash, at) => [hash, at]));
    for (const hash of hashes) out.byte(positions.get(hash) ?? 0);
  } else if (hashes.includes(0)) {
    out.byte(Form.Sparse);
    out.bits(Array.from(hashes, (hash) => hash !== 0));
    for (const hash of hashes) if (hash !== 0) out.uint24(hash);
  } else {
    out.byte(Form.Dense);
    for (const hash of hashes) out.uint24(hash);
  }
}

/** @param place - called for each hash that is not 0, with its row */
export function readHashes(input: ByteReader, count: number, place: (row: number, hash: number) => void): void {
  const form = input.byte();
  if (form === Form.Nothing) return;
  if (form === Form.Dictionary) {
    const distinct = repeat(input.byte(), () => input.uint24());
    for (let row = 0; row < count; row++) place(row, distinct[input.byte()] ?? 0);
    return;
  }
  const present = form === Form.Sparse ? input.bits(count) : undefined;
  for (let row = 0; row < count; row++) if (present?.[row] !== false) place(row, input.uint24());
}

function writeDistances(out: ByteWriter, numbers: readonly number[]): void {
  let before = 0;
  for (const value of numbers) {
    out.int(value - before);
    before = value;
  }
}

function readDistances(input: ByteReader, count: number): number[] {
  let before = 0;
  return repeat(count, () => (before += input.int()));
}

function repeat<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, read);
}

function sharedPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a[at] === b[at]) at++;
  return isHighSurrogate(a.charCodeAt(at - 1)) ? at - 1 : at;
}

/** First half of a character beyond U+FFFF: alone it has no UTF-8 form. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
