import { Json } from '../envelope/envelope';
import { OxError } from '../envelope/ox-error';
import type { Rows } from '../store/objects';
import type { Call, JsonObject } from './call';
import type { Reply } from './module';
import { type ObjectRules, reference } from './object-access';

type Reference = ReturnType<typeof reference>;

/** The answer of `list`: rows in the order of the request, without those that are gone. */
export function listed(
  call: Call,
  { list }: ObjectRules,
  find: (reference: Reference, element: JsonObject) => Rows,
): Reply {
  const found = call.objects().flatMap((element) => {
    const result = attempt(() => find(reference(element), element), list.skipsRefused);
    return result && result.rows.length > 0 ? [{ key: keyOf(element), ...result }] : [];
  });
  const distinct = [...new Map(found.map((one) => [one.key, one])).values()];
  const isOnce = list.repeats === 'never' || (list.repeats === 'beside others' && distinct.length === 1);
  const answered = isOnce ? distinct : found;
  return {
    data: Json.array(answered.flatMap(({ rows }) => rows)),
    timestamp: Math.max(0, ...answered.map(({ newest }) => newest)),
  };
}

function attempt(work: () => Rows, skipsRefused: boolean): Rows | undefined {
  try {
    return work();
  } catch (error) {
    if (skipsRefused && error instanceof OxError && !error.code.startsWith('SVL-')) return undefined;
    throw error;
  }
}

/** Occurrences of a series are asked for by the id of the series. */
function keyOf(element: JsonObject): string {
  const { folder, id } = reference(element);
  return JSON.stringify([folder, id, element['recurrence_position'], element['recurrence_date_position']]);
}
