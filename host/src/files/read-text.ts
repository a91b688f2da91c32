import { readFileSync } from 'node:fs';

/** Made once: Node makes one of its own from an encoding alone, for each file. */
const options = { encoding: 'utf8', flag: 'r' } as const;

/** A whole file of text. */
export function readText(path: string): string {
  return readFileSync(path, options);
}
