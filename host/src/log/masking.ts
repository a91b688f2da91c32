/** Fields whose values no line may show, however their letters are spelt. */
const secretName = /^(?:password|passwd|secret|authorization|proxy-authorization|cookie|set-cookie)$/i;

const mask = '[Redacted]';

/** How deep a careless line is looked through; what lies deeper is not shown. */
const maxDepth = 8;

/** The fields without the values of secrets; the same object where there are none, which is nearly always. */
export function masked<T extends object>(fields: T, depth = 0): T {
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields as Record<string, unknown>)) {
    const shown = secretName.test(name) ? mask : isSearched(value) ? maskedBelow(value, depth) : value;
    if (shown === value) continue;
    copy ??= (Array.isArray(fields) ? [...(fields as unknown[])] : { ...fields }) as Record<string, unknown>;
    copy[name] = shown;
  }
  return (copy as T | undefined) ?? fields;
}

function maskedBelow(value: object, depth: number): unknown {
  return depth < maxDepth ? masked(value, depth + 1) : '[Object]';
}

/** Objects of classes say themselves what of them is written, errors above all. */
function isSearched(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
