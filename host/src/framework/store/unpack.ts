import { statSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';
import { BundleError } from '@oxtender/bundle-api';
import * as tar from 'tar';

/** What an archive may cost (rule X3). */
const limits = { files: 50_000, bytes: 1024 ** 3, ratio: 200 } as const;

const permittedTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile', 'Directory']);

/**
 * Unpacks a `.tgz` as `npm pack` makes it (everything below one folder) into an empty folder. No scripts are run, and
 * nothing is written before the whole archive was looked through.
 *
 * @throws BundleError READ_ERROR for an archive that is damaged, too large, or reaches outside the folder
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  try {
    await inspect(archive);
    await tar.x({ file: archive, cwd: folder, strip: 1, strict: true, preserveOwner: false });
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    throw new BundleError('READ_ERROR', `${archive} is no readable bundle archive`, { cause });
  }
}

async function inspect(archive: string): Promise<void> {
  const faults: string[] = [];
  let files = 0;
  let bytes = 0;
  await tar.t({
    file: archive,
    strict: true,
    onReadEntry: ({ path, type, size }) => {
      files++;
      bytes += size;
      if (!permittedTypes.has(type)) faults.push(`${path} is a ${type}`);
      if (isAbsolute(path) || normalize(path).startsWith('..')) faults.push(`${path} is outside the bundle`);
    },
  });
  if (files > limits.files) faults.push(`more than ${limits.files} files`);
  if (bytes > limits.bytes) faults.push(`more than ${limits.bytes} bytes`);
  if (bytes > limits.ratio * statSync(archive).size) faults.push(`inflates more than ${limits.ratio} times`);
  if (faults.length > 0) throw new BundleError('READ_ERROR', `${archive} is refused: ${faults.slice(0, 5).join('; ')}`);
}
