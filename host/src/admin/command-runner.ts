import type { CommandCall, Logger } from '@oxtender/bundle-api';
import { auditedArgs, auditedOptions } from './audited-args';
import type { AuditTrail } from './audit-trail';
import type { CommandSet, KnownCommand } from './command-set';
import type { AdminAnswer, AdminRequest } from './protocol';

export interface Conversation {
  readonly send: (answer: AdminAnswer) => void;
  /** Aborted when the operator went away. */
  readonly signal: AbortSignal;
}

/** What an argument may be, for completion in the shell. */
export type Completions = (argument: string) => readonly string[];

export interface CommandResult {
  readonly result: unknown;
  readonly text?: string;
  readonly failed?: true;
}

/** Runs operators' commands, and keeps those that change something in the audit trail (rule O4). */
export class CommandRunner {
  constructor(
    private readonly options: {
      readonly commands: CommandSet;
      readonly audit: AuditTrail;
      readonly log: Logger;
      readonly completions: Completions;
      /** Rule G18: such a value is kept nowhere. */
      readonly isSecret: (pid: string, key: string) => boolean;
    },
  ) {}

  /** @throws what the command throws */
  async handle(request: AdminRequest, conversation: Conversation): Promise<CommandResult> {
    const { commands, completions } = this.options;
    if (request.kind === 'describe') return { result: commands.describe() };
    if (request.kind === 'complete') return { result: completions(request.argument) };
    const known = commands.find(request.command);
    if (!known) throw new Error(`there is no command ${request.command}: see oxtender help`);
    const result = await this.#run(known, request, conversation);
    const text = known.command.text?.(result);
    const failed = !request.dryRun && known.command.failed?.(result) === true;
    return { result, ...(text !== undefined && text !== '' && { text }), ...(failed && { failed }) };
  }

  async #run(
    known: KnownCommand,
    request: AdminRequest & { kind: 'run' },
    { send, signal }: Conversation,
  ): Promise<unknown> {
    const { command } = known;
    const call: CommandCall = {
      args: request.args,
      options: request.options,
      user: request.user,
      signal,
      progress: (text) => send({ kind: 'progress', text }),
      emit: (record) => send({ kind: 'record', record }),
    };
    if (request.dryRun) {
      if (!command.preview) throw new Error(`${command.name} changes nothing: it has no --dry-run`);
      return command.preview(call);
    }
    return command.preview ? this.#audited(known, request, () => command.run(call)) : command.run(call);
  }

  async #audited(
    known: KnownCommand,
    request: AdminRequest & { kind: 'run' },
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const { audit, log, isSecret } = this.options;
    const { user, command } = request;
    const args = [
      ...auditedArgs(command, request.given ?? request.args, isSecret),
      ...auditedOptions(known.command.options ?? [], request.options),
    ];
    log.info('operator command', { user, command, args });
    return audit.record({ user, command, args }, run);
  }
}
