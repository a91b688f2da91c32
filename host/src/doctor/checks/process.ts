import type { DiagnosticCheck, Finding } from '@oxtender/bundle-api';
import { readFile, statfs } from 'node:fs/promises';
import { satisfies } from 'semver';
import { neededNode } from '../engines';

/** Files that a process may have open: each waiting device takes one, each connection to OX and the database one more. */
const openFiles = { few: 4096, plenty: 16_384 };

/** Bytes free on the disk. */
const space = { little: 256 * 2 ** 20, enough: 2 ** 30 };

/** The version of Node.js that the project is made for. */
export const nodeCheck: DiagnosticCheck = {
  name: 'node',
  run: () => {
    const range = neededNode();
    const finding: Finding = satisfies(process.version, range)
      ? { verdict: 'ok', message: `Node.js ${process.version}` }
      : {
          verdict: 'fail',
          message: `Node.js ${process.version}, and ${range} is needed`,
          remedy: 'install a newer package nodejs, then: systemctl restart oxtender',
        };
    return Promise.resolve([finding]);
  },
};

/** The limit of open files. getrlimit(2). */
export const openFilesCheck: DiagnosticCheck = {
  name: 'open files',
  run: async () => {
    const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    if (soft === undefined) return [{ verdict: 'skipped', message: 'this system does not tell the limit' }];
    const limit = Number(soft);
    const message = `${limit} files and connections at a time`;
    if (limit >= openFiles.plenty) return [{ verdict: 'ok', message }];
    const remedy = 'LimitNOFILE=65536 in the unit, as oxtender.service has it; in a shell: ulimit -n 65536';
    return [{ verdict: limit < openFiles.few ? 'fail' : 'warn', message, remedy }];
  },
};

/** Room on the disk of the data folder. */
export function diskSpaceCheck(folder: string): DiagnosticCheck {
  return {
    name: 'disk',
    run: async () => {
      const { bavail, bsize, ffree, files } = await statfs(folder);
      const free = bavail * bsize;
      const message = `${Math.floor(free / 2 ** 20)} MiB are free for ${folder}`;
      if (files > 0 && ffree < 1000)
        return [
          { verdict: 'fail', message: `only ${ffree} inodes are free for ${folder}`, remedy: 'delete files there' },
        ];
      if (free >= space.enough) return [{ verdict: 'ok', message }];
      const remedy = 'make room, or move the data folder to a larger disk';
      return [{ verdict: free < space.little ? 'fail' : 'warn', message, remedy }];
    },
  };
}
