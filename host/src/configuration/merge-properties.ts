import { editProperties, readProperties } from './properties-file';

const ownHeading = '# Kept from the file before: this version does not name them.';

/**
 * The new version of a configuration file with the values of the one that is in use. A key that the new one has as a
 * comment (`#key = default`) is written there; keys that it does not name stand at the end.
 */
export function mergeProperties(offered: string, current: string): string {
  const { entries } = readProperties(current);
  const missing = new Map([...entries].map(([key, { raw }]) => [key, raw] as const));
  const active = readProperties(offered).entries;
  const lines = offered.split('\n').map((line) => {
    const key = /^#\s?([^\s#=:]+)\s*[=:]/.exec(line)?.[1];
    const raw = key === undefined || active.has(key) ? undefined : missing.get(key);
    if (key === undefined || raw === undefined) return line;
    missing.delete(key);
    return `${key} = ${raw}`;
  });
  const known = new Map([...missing].filter(([key]) => active.has(key)));
  const own = new Map([...missing].filter(([key]) => !active.has(key)));
  const merged = editProperties(lines.join('\n'), known);
  return own.size === 0 ? merged : editProperties(`${merged.replace(/\n*$/, '\n')}\n${ownHeading}\n`, own);
}
