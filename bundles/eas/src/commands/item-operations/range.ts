/** A part of a file, both ends counted, from 0. [MS-ASCMD] "Range (ItemOperations)". */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** `m-n`; `undefined` when it is none, or ends before it begins. */
export function parseRange(text: string): ByteRange | undefined {
  const match = /^(\d{1,10})-(\d{1,10})$/.exec(text.trim());
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  return first <= last ? { first, last } : undefined;
}
