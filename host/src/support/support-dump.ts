import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tar from 'tar';
import type { Redactor } from './redactor';

/** One file of the archive. */
export interface DumpPart {
  readonly name: string;
  readonly description: string;
  /** A text is written as it is, a list as one JSON value in a line if the name ends so, everything else as JSON. */
  readonly collect: () => unknown;
}

/** The folder that everything is in. */
const top = 'oxtender-support';

/**
 * Writes the parts, without secrets, into one archive (`.tar.gz`). A part that fails says so in its file, and keeps no other from
 * being there.
 *
 * @param work - folder for files that are gone when this resolves
 * @returns names of the files
 */
export async function writeSupportDump(
  file: string,
  parts: readonly DumpPart[],
  { redactor, work, progress }: { redactor: Redactor; work: string; progress: (text: string) => void },
): Promise<string[]> {
  const folder = join(work, `.support-${randomUUID()}`);
  await mkdir(join(folder, top), { recursive: true, mode: 0o700 });
  try {
    for (const part of parts) {
      progress(part.name);
      await writeFile(join(folder, top, part.name), await contentOf(part, redactor), { mode: 0o600 });
    }
    await writeFile(join(folder, top, 'README.txt'), readme(parts), { mode: 0o600 });
    await tar.create({ file, cwd: folder, gzip: true, portable: true, mode: 0o600 } as tar.TarOptionsWithAliasesFile, [
      top,
    ]);
    return ['README.txt', ...parts.map(({ name }) => name)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contentOf({ name, collect }: DumpPart, redactor: Redactor): Promise<string> {
  try {
    const content = await collect();
    if (typeof content === 'string') return redactor.text(content);
    const clean = redactor.value(content);
    if (name.endsWith('.jsonl') && Array.isArray(clean))
      return clean.map((each) => `${JSON.stringify(each)}\n`).join('');
    return `${JSON.stringify(clean, null, 2)}\n`;
  } catch (error) {
    return redactor.text(`not collected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}

function readme(parts: readonly DumpPart[]): string {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return [
    'Made by oxtender support-dump. Passwords, tokens, sessions, keys and credentials in URLs are replaced by ***.',
    'Login names, addresses and names of folders may stand in log.jsonl: read it before it leaves the house.',
    '',
    ...parts.map(({ name, description }) => `${name.padEnd(width)}  ${description}`),
    '',
  ].join('\n');
}
