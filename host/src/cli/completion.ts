import type { CommandDescription } from '@oxtender/bundle-api';
import { ClientError } from './client';
import type { CommandLine } from './command-line';
import { fileOptionOf } from './secret-options';

const scripts = {
  bash: `_oxtender() {
  local IFS=$'\\n'
  COMPREPLY=( $(compgen -W "$(oxtender complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}") )
}
complete -o default -F _oxtender oxtender
`,
  zsh: `#compdef oxtender
_oxtender() {
  local -a candidates
  candidates=("\${(@f)$(oxtender complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[*]}" ]]; then compadd -a candidates; else _files; fi
}
# As a file of fpath it is run for the first Tab; else it is sourced.
if [[ "\${funcstack[1]}" = _oxtender ]]; then _oxtender "$@"; else compdef _oxtender oxtender; fi
`,
} as const;

export type Shell = keyof typeof scripts;

export function isShell(name: string): name is Shell {
  return Object.hasOwn(scripts, name);
}

export function completionScript(shell: Shell): string {
  return scripts[shell];
}

const local = ['run', 'shell', 'completion', 'help', 'config edit'];

/**
 * What the last of the words may become.
 *
 * @param words - of the command line so far, without the program's name; the last one is being typed
 */
export async function completions(line: CommandLine, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  // `--data DIR` says which host is asked: it is no word of the command.
  const before = words.slice(0, -1).filter((word, at) => !word.startsWith('-') && words[at - 1] !== '--data');
  try {
    const descriptions = await line.describe();
    const candidates = await candidatesFor(line, descriptions, { before, typed });
    return candidates.filter((each) => each.startsWith(typed)).sort();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return before.length === 0 ? local.slice(0, -1).filter((each) => each.startsWith(typed)) : [];
  }
}

async function candidatesFor(
  line: CommandLine,
  descriptions: readonly CommandDescription[],
  { before, typed }: { before: readonly string[]; typed: string },
): Promise<string[]> {
  const command = longestMatch(descriptions, before);
  if (!command) return nextWords(descriptions, before);
  if (typed.startsWith('-')) return optionsOf(command);
  const given = before.length - command.name.split(' ').length;
  const argument = command.args[Math.min(given, command.args.length - 1)];
  if (!argument || argument.file || (given >= command.args.length && !argument.many)) return [];
  const { result } = await line.client.request({ kind: 'complete', command: command.name, argument: argument.name });
  return result as string[];
}

function longestMatch(
  descriptions: readonly CommandDescription[],
  before: readonly string[],
): CommandDescription | undefined {
  const matching = descriptions.filter(({ name }) => name.split(' ').every((word, index) => before[index] === word));
  return matching.toSorted((a, b) => b.name.length - a.name.length)[0];
}

function nextWords(descriptions: readonly CommandDescription[], before: readonly string[]): string[] {
  const names = [...descriptions.map(({ name }) => name), ...local];
  const matching = names
    .map((name) => name.split(' '))
    .filter((parts) => before.every((word, index) => parts[index] === word));
  return [...new Set(matching.flatMap((parts) => parts[before.length] ?? []))];
}

function optionsOf({ options, mutating }: CommandDescription): string[] {
  const names = options.map(({ name, secretOf }) => (secretOf === undefined ? name : fileOptionOf(name)));
  return [...names.map((name) => `--${name}`), ...(mutating ? ['--dry-run'] : []), '--json', '--help'];
}
