import type { Clock } from '@oxtender/bundle-api';

/** A signal that fires with `error()` when the time is over, or with `signal`. Dispose it when the waiting ended. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

export function deadline(clock: Clock, milliseconds: number, error: () => Error, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = clock.setTimeout(() => controller.abort(error()), milliseconds);
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}
