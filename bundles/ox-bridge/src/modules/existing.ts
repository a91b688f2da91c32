import type { Cancellable } from '@oxtender/bundle-api';
import type { OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';

/**
 * What an action `list` finds of the objects that its body names. When one of many is gone, some versions refuse the
 * whole call: each is then asked for by itself.
 */
export async function existing<T>(
  client: OxClient,
  call: OxCall & { readonly body: readonly unknown[] },
  options: Cancellable,
): Promise<T[]> {
  try {
    const { data } = await client.call<(T | null)[]>({ ...call, repeatable: true }, options);
    return data.filter((one) => one !== null);
  } catch (error) {
    if (!(error instanceof OxError) || (error.code !== 'NOT_FOUND' && error.code !== 'PERMISSION')) throw error;
    if (call.body.length <= 1) return [];
    const answers = await client.all(
      call.body.map((one) => ({ ...call, body: [one], repeatable: true })),
      options,
    );
    return answers
      .flatMap((one) => (one instanceof OxError ? [] : (one.data as (T | null)[])))
      .filter((one) => one !== null);
  }
}
