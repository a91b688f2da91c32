import { spawnSync } from 'node:child_process';
import { AirNotify, decode, Find, printXml, Provision } from '../../src/wbxml';

/** libwbxml 0.11.8 knows no page 25, and no tag that came with 16.1. */
const unknown = [Find.Find.namespace, AirNotify.Notify.namespace, Provision.AccountOnlyRemoteWipe.name];

/** True when Debian's libwbxml2-utils are there. */
export function hasLibwbxml(): boolean {
  return spawnSync('wbxml2xml', []).error === undefined;
}

/** What libwbxml, which is not ours, finds wrong with a document; undefined when it reads it, or does not know its tags. */
export function libwbxmlComplaint(bytes: Uint8Array): string | undefined {
  const xml = printXml(decode(bytes));
  if (unknown.some((name) => xml.includes(name))) return undefined;
  const { status, stdout, stderr } = spawnSync('wbxml2xml', ['-l', 'ACTIVESYNC', '-o', '-', '-'], { input: bytes });
  if (status !== 0) return `${stderr.toString()}\n${xml}`;
  return stdout.includes('<unknown') ? `an unknown tag in\n${xml}` : undefined;
}
