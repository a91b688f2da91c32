import type { Bundle } from '@oxtender/bundle-api';
import { ConfigurationError } from '@oxtender/bundle-api';

const syntax = /^[A-Za-z0-9_.-]+(?:~[^/\\|~]+)?(?:\|.+)?$/;

/** @throws ConfigurationError INVALID unless it is a PID: `pid`, `factoryPid~name`, or targeted `pid|name|version|location` */
export function checkPid(pid: string): void {
  if (!syntax.test(pid)) throw new ConfigurationError('INVALID', `no PID: ${JSON.stringify(pid)}`);
}

/** Without the target of a targeted PID. */
export function basePid(pid: string): string {
  return pid.split('|', 1)[0] ?? pid;
}

/** Of `factoryPid~name`. */
export function factoryPidOf(pid: string): string | undefined {
  const base = basePid(pid);
  const at = base.indexOf('~');
  return at < 0 ? undefined : base.slice(0, at);
}

/** The PIDs that may configure `pid` in this bundle, the most specific first (rule G8). */
export function targetedPids(pid: string, { symbolicName, version, location }: Bundle): string[] {
  return [
    `${pid}|${symbolicName}|${version}|${location}`,
    `${pid}|${symbolicName}|${version}`,
    `${pid}|${symbolicName}`,
    pid,
  ];
}

/** Name of the configuration's file. */
export function fileNameOf(pid: string): string {
  return `${pid.replace(/[^A-Za-z0-9_.~|@-]/gu, encodeURIComponent)}.properties`;
}

/** The other way round; undefined for a file that is no configuration. */
export function pidOf(fileName: string): string | undefined {
  if (!fileName.endsWith('.properties') || fileName.startsWith('.')) return undefined;
  try {
    const pid = decodeURIComponent(fileName.slice(0, -'.properties'.length));
    return syntax.test(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
