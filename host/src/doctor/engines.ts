import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The range of versions of Node.js that the package asks for. */
export function neededNode(): string {
  const file = join(__dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } }).engines.node;
}
