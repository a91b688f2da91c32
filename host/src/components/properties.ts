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

/** What the service shows: a key that begins with a dot is private (rule C26). */
export function serviceProperties(
  declaration: ComponentDeclaration,
  id: number,
  properties: ComponentProperties,
): ComponentProperties {
  const visible = Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith('.')));
  return { ...visible, 'component.name': declaration.name, 'component.id': id };
}

export function sameProperties(a: ComponentProperties, b: ComponentProperties): boolean {
  return isDeepStrictEqual(a, b);
}
