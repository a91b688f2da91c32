import {
  type Cancellable,
  type FolderRef,
  GroupwareError,
  type GroupwareSession,
  isOxtenderError,
  type ReadOptions,
  type ReadResult,
} from '@oxtender/bundle-api';

/** Failures that say something of the whole groupware or user: one item's outcome cannot hold them. */
const fatal = ['UNAVAILABLE', 'AUTHENTICATION', 'PASSWORD_EXPIRED', 'NOT_ALLOWED'] as const;

/**
 * Reads items; where reading them together fails, each alone, so that one broken item shows itself. Results in order.
 *
 * @throws GroupwareError UNAVAILABLE, AUTHENTICATION, NOT_ALLOWED
 */
export async function readItems(
  groupware: GroupwareSession,
  folder: FolderRef,
  ids: readonly string[],
  options: ReadOptions & Cancellable,
): Promise<ReadResult[]> {
  if (ids.length === 0) return [];
  try {
    const results = await groupware.read(folder, ids, options);
    const failed = results.find(({ error }) => error && isOxtenderError(error, ...fatal))?.error;
    if (failed) throw failed;
    return results;
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isOxtenderError(error) || isOxtenderError(error, ...fatal)) throw error;
    if (ids.length === 1) return [{ id: ids[0] ?? '', error: asGroupwareError(error) }];
    const alone: ReadResult[] = [];
    for (const id of ids) alone.push(...(await readItems(groupware, folder, [id], options)));
    return alone;
  }
}

function asGroupwareError(cause: Error): GroupwareError {
  const code = isOxtenderError(cause, 'NOT_FOUND') ? 'NOT_FOUND' : 'BROKEN_ANSWER';
  return new GroupwareError(code, cause.message, { cause });
}
