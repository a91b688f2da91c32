/** A stretch of bytes or results, both ends counted, from 0. [MS-ASCMD] "Range". */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** `m-n`; `undefined` when it is none, or ends before it begins. */
export function parseRange(text: string): Range | undefined {
  const match = /^(\d{1,10})-(\d{1,10})$/.exec(text.trim());
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  return first <= last ? { first, last } : undefined;
}

/** The range of so many results that begin where the device asked; `0-0` for none, which old Android needs to be told. */
export function formatRange(first: number, count: number): string {
  return `${first}-${first + Math.max(count, 1) - 1}`;
}
