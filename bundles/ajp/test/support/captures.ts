import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(__dirname, '..', '..', '..', 'test', 'data', 'mod-proxy-ajp.txt');

/** Bytes that the real mod_proxy_ajp sent, by name of the request. */
export function capture(name: string): Buffer {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}: `));
  if (line === undefined) throw new Error(`no capture ${name} in ${file}`);
  return Buffer.from(line.slice(name.length + 2), 'hex');
}
