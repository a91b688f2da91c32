import { isDeepStrictEqual } from 'node:util';
import type { ComponentDeclaration } from './declaration';

export type ComponentProperties = Readonly<Record<string, unknown>>;

/** Later ones win: the decorator's, the configurations' in the order of the PIDs, a factory's (rule C26). */
export function mergeProperties(
  declaration: ComponentDeclaration,
  ...later: readonly ComponentProperties[]
): ComponentProperties {
  const merged: Record<string, unknown> = { ...declaration.properties };
  for (const properties of later) Object.assign(merged, properties);
  return Object.freeze(merged);
}

/** What others may see: neither secrets nor what begins with a dot (rules C26, G18). */
export function visibleProperties(properties: ComponentProperties, secrets: ReadonlySet<string>): ComponentProperties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith('.') && !secrets.has(key)));
}

export function changedKeys(a: ComponentProperties, b: ComponentProperties): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]));
}
