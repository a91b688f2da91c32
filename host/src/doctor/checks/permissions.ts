import type { DiagnosticCheck, Finding } from '@oxtender/bundle-api';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { socketPath } from '../../admin/socket-path';
import { secretFilesIn, type SecretSource } from '../secret-files';

/** Who must be kept out of a path: bits of its mode. */
const others = 0o007;
const groupAndOthers = 0o077;

interface Guarded {
  readonly path: string;
  readonly closedTo: number;
  /** A secret stands in it: readable is a failure, not a warning. */
  readonly secret: boolean;
}

/** Nobody else reads configurations, secrets and states, or speaks to the host's socket. */
export function permissionsCheck(data: string, configurations: () => readonly SecretSource[]): DiagnosticCheck {
  return {
    name: 'permissions',
    run: async () => {
      const guarded = await guardedPaths(data, configurations());
      const findings = (await Promise.all(guarded.map(findingOf))).flat();
      if (findings.length > 0) return findings;
      return [{ verdict: 'ok', message: `${guarded.length} files and folders are closed to others` }];
    },
  };
}

async function guardedPaths(data: string, configurations: readonly SecretSource[]): Promise<Guarded[]> {
  const conf = join(data, 'conf');
  const bundles = join(data, 'bundles');
  const holdsSecrets = new Set(configurations.filter(({ hasSecret }) => hasSecret).map(({ file }) => file));
  const files = (await readdir(conf)).filter((name) => name.endsWith('.properties')).map((name) => join(conf, name));
  const paths: Guarded[] = [
    { path: data, closedTo: others, secret: false },
    { path: bundles, closedTo: others, secret: false },
    { path: join(data, 'store'), closedTo: others, secret: false },
    { path: join(data, 'audit.log'), closedTo: others, secret: false },
    { path: socketPath(data), closedTo: groupAndOthers, secret: true },
    ...files.map((path) => ({ path, closedTo: others, secret: holdsSecrets.has(path) })),
    ...secretFilesIn(configurations).map((path) => ({ path, closedTo: others, secret: true })),
  ];
  return paths.filter(({ path }) => existsSync(path));
}

async function findingOf({ path, closedTo, secret }: Guarded): Promise<Finding[]> {
  const { mode } = await stat(path);
  const reachable = isReachable(path);
  if ((mode & closedTo) === 0 || (!secret && !reachable)) return [];
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return [
    {
      verdict: secret && reachable ? 'fail' : 'warn',
      message: `${path} has mode ${octal}: other users of this machine may open it`,
      remedy: `chmod ${closedTo === others ? 'o-rwx' : 'go-rwx'} ${path}`,
    },
  ];
}

/** False when a folder above keeps others out. */
function isReachable(path: string): boolean {
  for (let folder = dirname(realpathSync(path)); folder !== dirname(folder); folder = dirname(folder))
    if ((statSync(folder).mode & 0o001) === 0) return false;
  return true;
}
