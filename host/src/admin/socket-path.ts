import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** The kernel takes at most 107 bytes for the path of a Unix socket. */
const longest = 100;

/** Where a host and the CLI meet: `<data>/oxtender.sock`, or a name made of it where that is too long. */
export function socketPath(data: string): string {
  const path = join(resolve(data), 'oxtender.sock');
  if (Buffer.byteLength(path) <= longest) return path;
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return join(tmpdir(), `oxtender-${userInfo().uid}-${digest}.sock`);
}
