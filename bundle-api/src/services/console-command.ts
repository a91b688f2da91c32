import { serviceToken } from '../framework/token';

/** One option or argument of a command. @public */
export interface CommandParameter {
  /** Long name without dashes for an option, or the argument's name. */
  readonly name: string;
  readonly description: string;
  readonly type?: 'string' | 'number' | 'boolean';
  readonly required?: boolean;
  /** May be given several times, or takes the rest of the line. */
  readonly many?: boolean;
  readonly default?: string | number | boolean;
  /** Arguments and options that name local files: the CLI makes the path absolute before it sends it. */
  readonly file?: boolean;
  /**
   * For arguments that are {@link CommandParameter.file | files}, where the host may not see the operator's folders: the CLI hands the
   * command a copy that the host can read (`in`), or moves away what the command wrote to the path that it got (`out`). A file that
   * is there already is never overwritten.
   */
  readonly carried?: 'in' | 'out';
  /**
   * The value is a secret that goes with the option of this name. It is never on the command line: the CLI takes it from the
   * file that `--NAME-file` names, or asks for it on the terminal.
   */
  readonly secretOf?: string;
}

/** What a command is called with. @public */
export interface CommandCall {
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  /** Who calls, for logs. */
  readonly user: string;
  /** Aborted when the operator interrupts the command. */
  readonly signal: AbortSignal;
  /** Progress for a person; never part of the result. */
  readonly progress: (text: string) => void;
  /** One record of a command that goes on (`log tail`): printed at once, a JSON line with `--json`. */
  readonly emit: (record: unknown) => void;
}

/**
 * A command of the operators' CLI `oxtender`, contributed by a bundle through the service registry.
 *
 * @consumer @public
 */
export interface ConsoleCommand {
  /** For example `sandbox:import` or `devices list`. */
  readonly name: string;
  readonly description: string;
  readonly args?: readonly CommandParameter[];
  readonly options?: readonly CommandParameter[];
  /**
   * Runs the command.
   *
   * @returns what `--json` prints; without it an array of flat records is a table, a record a list, a string is printed
   * @throws any error: its message goes to the operator, exit status 1
   */
  run(call: CommandCall): Promise<unknown>;
  /** True when what `run` returned is bad news: it is printed, and the exit status is 1. */
  failed?(result: unknown): boolean;
  /** What a person reads instead of the table or list; `result` is what `run` or `preview` returned. */
  text?(result: unknown): string;
  /**
   * What `run` would change, for `--dry-run`: changes nothing. A command that changes something has it, and its
   * runs are kept in the audit trail.
   */
  preview?(call: CommandCall): Promise<unknown>;
}

/** Its token: what it is registered and found by. @public */
export const ConsoleCommand = serviceToken<ConsoleCommand>('host.ConsoleCommand');
