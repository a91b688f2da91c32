import { describeFaults } from '../../../configuration/configuration-admin';
import { basePid, factoryPidOf } from '../../../configuration/pid';
import type { ConfigurationSchema } from '../../../configuration/schema';
import { changesBetween, masked } from '../../../configuration/values';
import { shortName } from '../../bundle-names';
import type { ConsequenceSet } from '../../consequences/consequences';
import { consequencesOfChange } from '../../consequences/of-configuration';
import { consequencesText, nothingText } from '../../consequences/text';
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
  if (level === 'component') {
    const remade = host.components.remadeBy(pid, [key]);
    if (remade.length === 0)
      return isAwaited(host, pid) ? 'nothing' : `nothing: no bundle here is configured by ${pid}`;
    return `component ${remade.map(({ name }) => name).join(', ')}`;
  }
  const owner = host.configuration.schemas.ownerOf(factoryPidOf(pid) ?? basePid(pid));
  return level === 'bundle' && owner ? `bundle ${shortName(owner)}` : level === 'none' ? 'nothing' : level;
}

/** Whether somebody gets the configuration, or would. */
function isAwaited(host: OperatedHost, pid: string): boolean {
  const known: unknown[] = [pid, basePid(pid), factoryPidOf(pid) ?? pid];
  if (schemaOf(host, pid) || host.components.list().some(({ pids }) => pids.some((each) => known.includes(each))))
    return true;
  return host.context
    .getAllServiceReferences()
    .some((reference) => [reference.getProperty('service.pid')].flat().some((each) => known.includes(each)));
}

/** What a text would change, and what would go for it: the answer to `--dry-run` (rule O2). */
export interface ConfigurationPlan extends ConsequenceSet {
  readonly changes: readonly PlannedChange[];
}

/** @throws Error listing the faults of the text */
export function planOf(host: OperatedHost, pid: string, text: string): ConfigurationPlan {
  const changes = plannedChanges(host, pid, text);
  const consequences = consequencesOfChange(
    host,
    pid,
    changes.map(({ key }) => key),
  );
  return { changes, ...consequences };
}

/** For a person; `''` for changes that were made: they are a table. */
export function planText(result: unknown): string {
  if (Array.isArray(result)) return '';
  const { changes, ...consequences } = result as ConfigurationPlan;
  if (changes.length === 0) return 'nothing would change';
  const told = consequencesText(consequences);
  return [...changes.map(changeText), told === nothingText ? 'restarts nothing' : told].join('\n');
}

function changeText({ key, before, after, restarts }: PlannedChange): string {
  const nobody = restarts.startsWith('nothing: ') ? ` (${restarts.slice('nothing: '.length)})` : '';
  const later = restarts === 'host' ? ' (when the host is restarted)' : nobody;
  return `${key}: ${shown(before)} → ${shown(after)}${later}`;
}

const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
