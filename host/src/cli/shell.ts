import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { colors } from './colors';
import type { CommandLine } from './command-line';
import { completions } from './completion';
import { splitWords } from './words';

const historySize = 500;

/** An interactive session: completion by Tab, history over sessions, Ctrl-C interrupts a command, Ctrl-D ends it. */
export async function runShell(line: CommandLine): Promise<void> {
  const historyFile = join(homedir(), '.oxtender_history');
  const session = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
    historySize,
    history: existsSync(historyFile) ? readFileSync(historyFile, 'utf8').split('\n').filter(Boolean) : [],
    prompt: process.stdin.isTTY ? colors.bold('oxtender> ') : '',
    completer: async (text: string): Promise<[string[], string]> => {
      const words = splitWords(text, { open: true });
      return [await completions(line, words), words.at(-1) ?? ''];
    },
  });
  session.on('history', (history: string[]) => writeFileSync(historyFile, `${history.join('\n')}\n`, { mode: 0o600 }));
  await readCommands(session, line);
}

async function readCommands(session: Interface, line: CommandLine): Promise<void> {
  let interrupt: AbortController | undefined;
  session.on('SIGINT', () => {
    if (interrupt) interrupt.abort();
    else session.close();
  });
  session.prompt();
  for await (const text of session) {
    const words = splitWords(text);
    if (words[0] === 'exit' || words[0] === 'quit') break;
    if (words.length > 0 && words[0] !== 'shell') {
      interrupt = new AbortController();
      await line.execute(words, { signal: interrupt.signal });
      interrupt = undefined;
    }
    session.prompt();
  }
  session.close();
}
