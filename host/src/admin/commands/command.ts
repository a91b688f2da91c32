import type { Bundle, CommandParameter } from '@oxtender/bundle-api';
import { errorText } from '../../log/error-fields';

/** Parameters that many commands have. */
export const bundleArgument: CommandParameter = {
  name: 'bundle',
  description: 'name, id or pattern',
  required: true,
};

export const bundlesArgument: CommandParameter = {
  ...bundleArgument,
  description: 'names, ids or patterns',
  many: true,
};

export const optionalBundles: CommandParameter = { ...bundlesArgument, required: false };

/** The nth argument. @throws Error when it is not there */
export function argument(args: readonly string[], index: number, name: string): string {
  const value = args[index];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

/** @throws Error unless the text is an integer */
export function integer(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`${name} must be an integer, not ${text}`);
  return value;
}

/**
 * One after the other; what fails for one keeps the others from nothing.
 *
 * @throws what was thrown, or Error with the texts of all that were
 */
export async function forEach(bundles: readonly Bundle[], act: (bundle: Bundle) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const bundle of bundles) {
    try {
      await act(bundle);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 1) throw new AggregateError(failures, failures.map(errorText).join('\n'));
  if (failures.length === 1) throw failures[0];
}

/** Local time without the zone: `2026-11-22 23:10:24`. */
export function timeText(milliseconds: number): string {
  const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
