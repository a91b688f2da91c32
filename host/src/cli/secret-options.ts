import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Invocation } from './program';

/** Name of the option by which a secret comes from a file: `--password-file`. */
export const fileOptionOf = (name: string): string => `${name}-file`;

/**
 * The options with their secrets, which are read from files or asked for on the terminal.
 *
 * @throws Error when one is needed and there is nobody to ask
 */
export async function withSecrets({ command, options }: Invocation): Promise<Readonly<Record<string, unknown>>> {
  const given = new Map(Object.entries(options));
  for (const { name, secretOf, description } of command.options) {
    if (secretOf === undefined) continue;
    const file = given.get(`${name}File`);
    given.delete(`${name}File`);
    if (typeof file === 'string') given.set(name, withoutLineBreak(await readFile(file, 'utf8')));
    else if (given.has(secretOf)) given.set(name, await ask(name, description));
  }
  return Object.fromEntries(given);
}

async function ask(name: string, description: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Error(`there is no terminal to ask on: give --${fileOptionOf(name)}`);
  // What is typed is shown nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Asked now, when the terminal has left it to the reader what it shows.
  process.stderr.write(`${description}: `);
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '');
