import { serviceToken } from '../framework/token';
import type { CommandParameter } from './console-command';

/** A command as a console shows it. @public */
export interface CommandDescription {
  readonly name: string;
  readonly description: string;
  readonly args: readonly CommandParameter[];
  readonly options: readonly CommandParameter[];
  /** It changes something: a dry run tells what. */
  readonly mutating: boolean;
  /** Symbolic name of the bundle that contributes it; undefined for the host's own. */
  readonly bundle: string | undefined;
}

/** What an operator asks for. @public */
export interface OperatorRequest {
  readonly command: string;
  readonly args?: readonly string[];
  /** By the names of the options; those with a default may be left out. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Only tells what would change. */
  readonly dryRun?: boolean;
  /** Who asks, for the audit trail: checked by the caller. */
  readonly user: string;
  /** Aborted when the operator went away. */
  readonly signal: AbortSignal;
}

/** What came of it. @public */
export interface OperatorAnswer {
  /** As `oxtender --json` prints it. */
  readonly result: unknown;
  /** What a person reads instead, where the command has such a text. */
  readonly text?: string;
}

/** What was done, for the audit trail. @public */
export interface AuditedAction {
  readonly user: string;
  readonly command: string;
  readonly args: readonly string[];
  /** `done`, or the error. */
  readonly outcome: string;
}

/**
 * The commands of `oxtender`, the host's own and those that bundles contribute, for consoles of another kind. Who has this
 * service can do everything: a console asks its users who they are before it passes something on.
 *
 * @public
 */
export interface OperatorCommands {
  /** All commands that there are now. */
  list(): CommandDescription[];
  /**
   * Runs a command. Those that change something are kept in the audit trail, values of secret keys left out.
   *
   * @throws Error when there is no such command, and what the command throws: its message is for the operator
   */
  run(request: OperatorRequest): Promise<OperatorAnswer>;
  /** Puts something into the audit trail that was no command, as a login. */
  audit(action: AuditedAction): Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const OperatorCommands = serviceToken<OperatorCommands>('host.OperatorCommands');
