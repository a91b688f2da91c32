import { Range, SemVer } from 'semver';

const interval = /^\s*([[(])\s*([^,\])]+)(?:,\s*([^,\])]+))?\s*([\])])\s*$/;

/** A range of versions: npm syntax, or an OSGi interval known by its bracket (rule R7). */
export class VersionRange {
  readonly #range: Range;
  readonly #text: string;

  /** @throws RangeError for a malformed range: never "matches nothing" */
  constructor(text: string) {
    this.#text = text;
    const npm = /^\s*[[(]/.test(text) ? fromInterval(text) : text;
    try {
      this.#range = new Range(npm);
    } catch (cause) {
      throw new RangeError(`"${text}" is no version range`, { cause });
    }
  }

  /** Pre-releases only where the range names one, or `includePrerelease` is on (rule R8). */
  includes(version: string, includePrerelease = false): boolean {
    const parsed = toSemVer(version);
    if (!parsed) return false;
    if (!includePrerelease) return this.#range.test(parsed);
    return new Range(this.#range.raw, { includePrerelease: true }).test(parsed);
  }

  toString(): string {
    return this.#text;
  }
}

/** `1` and `1.2` are short for `1.0.0` and `1.2.0`; undefined when it is no version. */
export function toSemVer(text: string): SemVer | undefined {
  const parts = text.trim().split('.');
  const full = /^\d+(\.\d+)?$/.test(text.trim())
    ? [...parts, ...Array<string>(3 - parts.length).fill('0')].join('.')
    : text;
  try {
    return new SemVer(full.trim());
  } catch {
    return undefined; // the caller decides what "no version" means
  }
}

/** Compares versions by semver; what is no version comes before all that are. */
export function compareVersions(a: string, b: string): number {
  const left = toSemVer(a);
  const right = toSemVer(b);
  if (left && right) return left.compare(right);
  return Number(left !== undefined) - Number(right !== undefined);
}

function fromInterval(text: string): string {
  const match = interval.exec(text);
  const low = match?.[2] === undefined ? undefined : toSemVer(match[2]);
  if (!match || !low) throw new RangeError(`"${text}" is no version interval`);
  const high = match[3] === undefined ? low : toSemVer(match[3]);
  if (!high) throw new RangeError(`"${text}" is no version interval`);
  const contradictory = low.compare(high) > 0 || (match[3] === undefined && (match[1] === '(' || match[4] === ')'));
  if (contradictory) throw new RangeError(`"${text}" is an empty version interval`);
  return `${match[1] === '[' ? '>=' : '>'}${low.version} ${match[4] === ']' ? '<=' : '<'}${high.version}`;
}
