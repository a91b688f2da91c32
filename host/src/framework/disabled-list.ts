import { VersionRange } from '../resolver/version-range';
import { globSource } from './permissions';

interface Pattern {
  readonly name: RegExp;
  readonly range: VersionRange | undefined;
}

/** Patterns of bundles that must not run: `vendor.*`, `vendor.mail@^1` (rule P14). */
export class DisabledList {
  readonly texts: readonly string[];
  readonly #patterns: readonly Pattern[];

  /** @throws RangeError for a malformed version range */
  constructor(texts: readonly string[]) {
    this.texts = Object.freeze([...texts]);
    this.#patterns = texts.map(parsePattern);
  }

  includes(symbolicName: string, version: string): boolean {
    return this.#patterns.some(
      ({ name, range }) => name.test(symbolicName) && (range?.includes(version, true) ?? true),
    );
  }
}

/** An `@` at the beginning belongs to a scoped name. */
function parsePattern(text: string): Pattern {
  const at = text.lastIndexOf('@');
  const [name, range] = at > 0 ? [text.slice(0, at), new VersionRange(text.slice(at + 1))] : [text, undefined];
  return { name: new RegExp(`^${globSource(name)}$`), range };
}
