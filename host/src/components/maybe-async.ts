/**
 * Steps that run at once as far as they can, and go on later where one of them waits. A component whose activation does
 * not wait is thus there for a synchronous `getService`, and its service is gone before UNREGISTERING returns.
 */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** In steps, what `await` is in an async function. */
export function* wait<T>(value: T | PromiseLike<T>): Steps<T> {
  return isPromiseLike(value) ? ((yield value) as T) : value;
}

/** Runs the steps; a promise only if one of them waits. */
export function run<T>(steps: Steps<T>): T | Promise<T> {
  const next = steps.next();
  return next.done ? next.value : goOn(steps, next.value);
}

async function goOn<T>(steps: Steps<T>, first: PromiseLike<unknown>): Promise<T> {
  let pending = first;
  for (;;) {
    const next = await settle(steps, pending);
    if (next.done) return next.value;
    pending = next.value;
  }
}

async function settle<T>(
  steps: Steps<T>,
  pending: PromiseLike<unknown>,
): Promise<IteratorResult<PromiseLike<unknown>, T>> {
  let value: unknown;
  try {
    value = await pending;
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(value);
}

export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
