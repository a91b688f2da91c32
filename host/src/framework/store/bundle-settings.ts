import { parse } from 'dot-properties';
import type { BundleSettings } from './bundle-folder';

/** Keys of a file in `bundle.d`. */
const keys = { enabled: 'enabled', autostart: 'start', startLevel: 'startlevel' } as const;

/** Reads a file of `bundle.d`; a value that makes no sense is a fault, and the key counts as absent. */
export function readProperties(text: string): { settings: BundleSettings; faults: string[] } {
  // An editor on Windows begins a file with a byte order mark.
  const values = parse(text.replace(/^\uFEFF/, '')) as Record<string, string>;
  const known: readonly string[] = Object.values(keys);
  const faults = Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${key} is not known: there are ${known.join(', ')}`);
  const flag = (key: string): boolean | undefined => {
    const value = values[key]?.trim().toLowerCase();
    if (value === undefined || value === 'true' || value === 'false')
      return value === undefined ? undefined : value === 'true';
    faults.push(`${key} must be true or false`);
    return undefined;
  };
  const level = (): number | undefined => {
    const value = values[keys.startLevel];
    if (value === undefined) return undefined;
    if (/^[1-9]\d*$/.test(value.trim())) return Number(value);
    faults.push(`${keys.startLevel} must be an integer from 1`);
    return undefined;
  };
  const enabled = flag(keys.enabled);
  const start = flag(keys.autostart);
  const startLevel = level();
  const settings: BundleSettings = {
    ...(enabled !== undefined && { enabled }),
    ...(start !== undefined && { autostart: start ? 'declared' : 'stopped' }),
    ...(startLevel !== undefined && { startLevel }),
  };
  return { settings, faults };
}

/** Sets the keys, each on the line where it is, else at the end; everything else stays as the operator wrote it. */
export function editProperties(text: string, { enabled, autostart, startLevel }: Required<BundleSettings>): string {
  const wanted: Record<string, string> = {
    [keys.enabled]: String(enabled),
    [keys.autostart]: String(autostart !== 'stopped'),
    [keys.startLevel]: String(startLevel),
  };
  let edited = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  for (const [key, value] of Object.entries(wanted)) {
    const line = new RegExp(`^(\\uFEFF?[ \\t]*${key}[ \\t]*[=:][ \\t]*).*$`, 'm');
    edited = line.test(edited) ? edited.replace(line, `$1${value}`) : `${edited}${key} = ${value}\n`;
  }
  return edited;
}
