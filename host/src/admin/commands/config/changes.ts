import { describeFaults } from '../../../configuration/configuration-admin';
import { basePid, factoryPidOf } from '../../../configuration/pid';
import type { ConfigurationSchema } from '../../../configuration/schema';
import { changesBetween, masked } from '../../../configuration/values';
import { shortName } from '../../bundle-names';
import type { OperatedHost } from '../../operated-host';

/** A key that would change, and what that would restart (rule G17). */
export interface PlannedChange {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly restarts: string;
}

export function schemaOf({ configuration: { schemas } }: OperatedHost, pid: string): ConfigurationSchema | undefined {
  return schemas.get(factoryPidOf(pid) ?? basePid(pid));
}

/** Secrets are compared by their hashes. @throws Error listing the faults of the text */
export function plannedChanges(host: OperatedHost, pid: string, text: string): PlannedChange[] {
  const { admin } = host.configuration;
  const schema = schemaOf(host, pid);
  const { properties, faults } = admin.check(pid, text);
  if (!properties) throw new Error(describeFaults(admin.fileOf(pid), faults));
  const now = admin.evaluationOf(pid).properties ?? {};
  const [before, after] = [now, properties].map((values) => masked(values, schema, { hashed: true }));
  return changesBetween(before ?? {}, after ?? {}).map((change) => ({
    ...change,
    restarts: restartedBy(host, pid, change.key),
  }));
}

function restartedBy(host: OperatedHost, pid: string, key: string): string {
  const level = schemaOf(host, pid)?.restartLevel(key) ?? 'component';
  const base = factoryPidOf(pid) ?? basePid(pid);
  if (level === 'component') {
    const users = host.components.list().filter(({ pids }) => pids.includes(base));
    return users.length === 0 ? 'nothing' : `component ${users.map(({ name }) => name).join(', ')}`;
  }
  const owner = host.configuration.schemas.ownerOf(base);
  return level === 'bundle' && owner ? `bundle ${shortName(owner)}` : level === 'none' ? 'nothing' : level;
}
