import fs from 'node:fs';
import fsPromises from 'node:fs/promises';

/** Every function with which the host changes its store. */
const changing: readonly (readonly [object, readonly string[]])[] = [
  [fs, ['mkdirSync', 'renameSync', 'rmSync', 'writeFileSync']],
  [fsPromises, ['open', 'rename', 'rm']],
];

/**
 * Calls `step` before each change of the disk, until it is disposed. When it returns false, nothing is changed any
 * more, as if the process had died: synchronous functions throw, asynchronous ones never come back.
 */
export function watchSteps(step: () => boolean): Disposable {
  const undo: (() => void)[] = [];
  for (const [module, names] of changing) {
    const functions = module as Record<string, (...args: unknown[]) => unknown>;
    for (const name of names) {
      const original = functions[name]!;
      functions[name] = (...args) => {
        if (step()) return original(...args);
        if (name.endsWith('Sync')) throw new Error('the process is dead');
        return new Promise(() => undefined);
      };
      undo.push(() => void (functions[name] = original));
    }
  }
  return { [Symbol.dispose]: () => undo.forEach((each) => each()) };
}
