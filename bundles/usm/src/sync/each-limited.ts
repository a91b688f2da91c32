/**
 * Runs `work` for all values, some at a time. After a failure no more are begun; those that run are awaited.
 *
 * @throws the first failure
 */
export async function eachLimited<T>(
  values: Iterable<T>,
  limit: number,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const queue = values[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
