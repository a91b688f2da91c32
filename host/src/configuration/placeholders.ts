/** Where the names in placeholders are looked up. */
export interface PlaceholderScope {
  /** Another key of the same configuration, or a framework property such as `host.url`; unexpanded. */
  key(name: string): string | undefined;
  environment(name: string): string | undefined;
  /** Content of a file without the line break at its end; undefined when it cannot be read. */
  file(path: string): string | undefined;
}

/** A placeholder without a value, or one that needs itself. */
export class PlaceholderError extends Error {}

const pattern = /\$\{([^{}]*)\}/g;

/**
 * Replaces `${env:NAME}`, `${file:path}` and `${other.key}`, each with an optional default: `${name:-default}` (rule G13).
 *
 * @throws PlaceholderError when one has neither value nor default, or for a cycle
 */
export function expand(value: string, scope: PlaceholderScope, chain: readonly string[] = []): string {
  if (!value.includes('${')) return value;
  return value.replace(pattern, (_, content: string) => {
    const [reference, fallback] = splitOnce(content, ':-');
    const found = lookUp(reference.trim(), scope, chain);
    if (found !== undefined) return found;
    if (fallback !== undefined) return fallback;
    throw new PlaceholderError(`\${${content}} has no value`);
  });
}

function lookUp(reference: string, scope: PlaceholderScope, chain: readonly string[]): string | undefined {
  if (reference.startsWith('env:')) return scope.environment(reference.slice(4));
  if (reference.startsWith('file:')) return scope.file(reference.slice(5));
  if (chain.includes(reference))
    throw new PlaceholderError(`placeholders need each other: ${[...chain, reference].join(' → ')}`);
  const other = scope.key(reference);
  return other === undefined ? undefined : expand(other, scope, [...chain, reference]);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
