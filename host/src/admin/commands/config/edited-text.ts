import { editProperties, rawValue } from '../../../configuration/properties-file';
import type { OperatedHost } from '../../operated-host';
import { schemaOf } from './changes';

export interface TextEdit {
  /** `KEY=VALUE` as an operator gives it: an array with commas between its items. */
  readonly assignments: readonly string[];
  /** Keys that are taken out: their defaults count then. */
  readonly reset: readonly string[];
}

/** The text of a configuration after an edit; nothing is written. @throws Error for what is no edit of it */
export function editedText(host: OperatedHost, pid: string, { assignments, reset }: TextEdit): string {
  const schema = schemaOf(host, pid);
  const { written, text } = writtenOf(host, pid);
  const changes = new Map<string, string | undefined>();
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new Error(`expected KEY=VALUE, not ${assignment}`);
    const [given, value] = [assignment.slice(0, at), assignment.slice(at + 1)];
    const key = schema?.spell(given) ?? given;
    changes.set(written(given) ?? key, schema?.isArray(key) === true ? value : rawValue(value));
  }
  for (const given of reset) {
    const key = written(given);
    if (key === undefined && schema?.spell(given) === undefined) throw new Error(`${pid} has no key ${given}`);
    if (key !== undefined && changes.has(key)) throw new Error(`${given} can be either set or reset`);
    if (key !== undefined) changes.set(key, undefined);
  }
  return editProperties(text, changes);
}

/** A key as its file spells it: keys compare case-insensitively (rule G4). */
function writtenOf({ configuration: { admin } }: OperatedHost, pid: string) {
  const keys = admin.entriesOf(pid).map(({ key }) => key);
  const spelling = new Map(keys.map((key) => [key.toLowerCase(), key]));
  return { text: admin.textOf(pid) ?? '', written: (key: string) => spelling.get(key.toLowerCase()) };
}
