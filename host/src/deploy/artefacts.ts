import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Something in the deploy folder that can be a bundle: a `.tgz` file or a folder with a package.json. */
export interface Artefact {
  /** Absolute; also the location of its bundle. */
  readonly path: string;
  /** Differs when its content does: made of the sizes and times of its files. */
  readonly signature: string;
}

export function findArtefacts(folder: string): Artefact[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name))
    .filter((path) => /\.(tgz|tar\.gz)$/.test(path) || existsSync(join(path, 'package.json')))
    .map((path) => ({ path, signature: signatureOf(path) }));
}

function signatureOf(path: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(path)) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
