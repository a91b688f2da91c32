import type { CommandDescription, CommandParameter } from '@oxtender/bundle-api';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { fileOptionOf } from './secret-options';

/** A command as the operator called it. */
export interface Invocation {
  readonly command: CommandDescription;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
}

export type Invoke = (invocation: Invocation) => Promise<void>;

/** Adds the host's commands to the program: their arguments, their options, their help. `devices list` is nested. */
export function addCommands(program: Command, descriptions: readonly CommandDescription[], invoke: Invoke): void {
  for (const description of [...descriptions].sort((a, b) => a.name.localeCompare(b.name))) {
    const words = description.name.split(' ');
    const name = words.pop() ?? description.name;
    const parent = words.reduce(groupIn, program);
    const known = parent.commands.find((each) => each.name() === name);
    const command = known ?? parent.command(name);
    fill(command.description(description.description), description, invoke);
  }
  for (const group of program.commands) {
    if (group.commands.length > 0) group.description(group.commands.map((each) => each.name()).join(', '));
  }
}

/** The command that others are nested in. */
export function groupIn(parent: Command, word: string): Command {
  const known = parent.commands.find((each) => each.name() === word);
  if (known) return known;
  return parent.command(word);
}

function fill(command: Command, description: CommandDescription, invoke: Invoke): void {
  for (const parameter of description.args) command.addArgument(argumentOf(parameter));
  for (const parameter of description.options) command.addOption(optionOf(parameter));
  if (description.mutating) command.option('--dry-run', 'only tell what would change');
  command.action(async (...given: unknown[]) => {
    const { dryRun = false, ...options } = command.opts<Record<string, unknown> & { dryRun?: boolean }>();
    const args = given.slice(0, description.args.length).flat() as (string | undefined)[];
    await invoke({ command: description, args: args.filter((each) => each !== undefined), options, dryRun });
  });
}

function argumentOf(parameter: CommandParameter): Argument {
  const { name, many = false, required = false } = parameter;
  const dots = many ? '...' : '';
  const argument = new Argument(required ? `<${name}${dots}>` : `[${name}${dots}]`, parameter.description);
  if (parameter.file) argument.argParser((value, previous: unknown) => collect(resolve(value), previous, many));
  return argument;
}

function optionOf(parameter: CommandParameter): Option {
  if (parameter.secretOf !== undefined) return secretOptionOf(parameter);
  const { name, description, type = 'string', many = false, required = false } = parameter;
  const value = type === 'boolean' ? '' : many ? ` <${type}...>` : ` <${type}>`;
  const option = new Option(`--${name}${value}`, description);
  if (required) option.makeOptionMandatory();
  if (parameter.default !== undefined) option.default(parameter.default);
  if (type === 'number') option.argParser((text, previous: unknown) => collect(numberOf(text), previous, many));
  else if (parameter.file) option.argParser((text, previous: unknown) => collect(resolve(text), previous, many));
  return option;
}

function secretOptionOf({ name, description, secretOf = '' }: CommandParameter): Option {
  const text = `file that holds the ${description}; without it, it is asked for when --${secretOf} is given`;
  return new Option(`--${fileOptionOf(name)} <file>`, text);
}

/** One value, or the list that grows with each occurrence. */
function collect(value: unknown, previous: unknown, many: boolean): unknown {
  return many ? [...(Array.isArray(previous) ? (previous as unknown[]) : []), value] : value;
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Not a number.');
  return value;
}
