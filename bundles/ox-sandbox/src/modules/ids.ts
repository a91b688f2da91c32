import type { Call } from './call';

/** An id as the imitated version writes it: a number in 6.x, a string from 7.x on. */
export function idOf(call: Call, id: number): string | number {
  return call.viewer.numericIds ? id : String(id);
}

/** The same as JSON text. */
export function idText(id: number, call: Call): string {
  return call.viewer.numericIds ? String(id) : `"${id}"`;
}
