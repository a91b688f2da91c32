import { readFileSync } from 'node:fs';
import { basePid, factoryPidOf } from '../configuration/pid';
import { secretSources } from '../doctor/host-doctor';
import { secretFilesIn } from '../doctor/secret-files';
import type { HostConfiguration } from '../launch/host-configuration';

/** The secrets in force: values of secret keys, and what stands in the files that configurations take them from. */
export function knownSecrets({ admin, schemas }: Pick<HostConfiguration, 'admin' | 'schemas'>): string[] {
  const pids = new Set([...schemas.pids, ...admin.listConfigurations().map(({ pid }) => pid)]);
  const values = [...pids].flatMap((pid) => {
    const schema = schemas.get(factoryPidOf(pid) ?? basePid(pid));
    const properties = admin.evaluationOf(pid).properties ?? {};
    return Object.entries(properties).flatMap(([key, value]) =>
      schema?.isSecret(key) === true && typeof value === 'string' ? [value, ...passwordIn(value)] : [],
    );
  });
  return [...values, ...secretFilesIn(secretSources({ admin, schemas })).flatMap(linesOf)];
}

/** Of a URL with credentials. */
function passwordIn(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/).filter(Boolean);
  } catch {
    // What the host cannot read, it cannot tell.
    return [];
  }
}
