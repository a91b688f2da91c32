import type { Values } from '../../columns/body';
import type { JsonObject } from '../call';

/** What an event has that the old columns can not say; kept as JSON in the column `chronos`. */
export interface Extras {
  /** A rule that no pattern expresses. */
  readonly rrule?: string | undefined;
  readonly class?: string;
  readonly color?: string;
  readonly status?: string;
  readonly url?: string;
  readonly geo?: unknown;
  readonly filename?: string;
  readonly relatedTo?: string;
  readonly attendeePrivileges?: string;
  readonly extendedProperties?: unknown;
  /** All alarms of a user by his id, where the one reminder of the old calendar is not enough. */
  readonly alarms?: Readonly<Record<string, readonly JsonObject[]>>;
}

export const extraFields = [
  'class',
  'color',
  'status',
  'url',
  'geo',
  'filename',
  'relatedTo',
  'attendeePrivileges',
  'extendedProperties',
] as const;

export function extrasOf(row: Readonly<Values>): Extras {
  return JSON.parse(String(row['chronos'] ?? '{}')) as Extras;
}

export function extrasText(extras: Extras): string | null {
  const kept = Object.entries(extras).filter(([, value]) => value !== undefined && value !== null);
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
}
