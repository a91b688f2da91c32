import type { MismatchReason } from '@oxtender/bundle-api';
import type { ResourceCapability, ResourceRequirement } from './resource';

/** A mismatch of one capability, in words. */
export interface Mismatch {
  readonly reason: MismatchReason;
  readonly text: string;
}

/** Undefined when the capability fulfils the requirement by itself, whatever becomes of its provider. */
export function mismatch(
  { declared, filter, range }: ResourceRequirement,
  { attributes, declared: { ns } }: ResourceCapability,
  includePrerelease: boolean,
): Mismatch | undefined {
  if (declared.ns !== ns) return { reason: 'attribute', text: `namespace is ${ns}` };
  if (declared.name !== undefined && attributes.get('name') !== declared.name) {
    return { reason: 'attribute', text: `name is ${show(attributes.get('name'))}` };
  }
  if (filter && !filter.matchSource(attributes)) {
    return { reason: 'attribute', text: `${filter.toString()} does not match` };
  }
  const version = attributes.get('version');
  if (range && !(typeof version === 'string' && range.includes(version, includePrerelease))) {
    return { reason: 'range', text: `version ${show(version)} is outside ${range.toString()}` };
  }
  return undefined;
}

const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));
