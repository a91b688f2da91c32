import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationSchema } from './schema';

type Values = Readonly<Record<string, unknown>>;

/**
 * Without the secrets (rule G18).
 *
 * @param options - `hashed`: a part of a hash instead, so that a change shows
 */
export function masked(
  values: Values,
  schema: ConfigurationSchema | undefined,
  options: { hashed?: boolean } = {},
): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      schema?.isSecret(key) === true ? mask(value, options.hashed === true) : value,
    ]),
  );
}

function mask(value: unknown, hashed: boolean): string {
  if (!hashed) return '***';
  return `*** (${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 6)})`;
}

/** A key that differs. */
export interface ValueChange {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

export function changesBetween(before: Values, after: Values): ValueChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => ({ key, before: before[key], after: after[key] }));
}
