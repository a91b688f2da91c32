import type {
  AuditedAction,
  CommandDescription,
  ConsoleCommand,
  OperatorAnswer,
  OperatorCommands,
  OperatorRequest,
} from '@oxtender/bundle-api';
import type { AuditTrail } from './audit-trail';
import type { CommandRunner } from './command-runner';
import type { CommandSet } from './command-set';

/** The door for consoles that are bundles; that of the CLI is the admin socket. */
export class OperatorDoor implements OperatorCommands {
  constructor(
    private readonly runner: CommandRunner,
    private readonly commands: CommandSet,
    private readonly trail: AuditTrail,
  ) {}

  list(): CommandDescription[] {
    return this.commands.describe();
  }

  async run({
    command,
    args = [],
    options = {},
    dryRun = false,
    user,
    signal,
  }: OperatorRequest): Promise<OperatorAnswer> {
    const given = { ...defaultsOf(this.commands.find(command)?.command), ...options };
    const request = { kind: 'run', command, args, options: given, dryRun, user } as const;
    return this.runner.handle(request, { send: () => undefined, signal });
  }

  audit(action: AuditedAction): Promise<void> {
    return this.trail.append(action);
  }
}

function defaultsOf(command: ConsoleCommand | undefined): Record<string, unknown> {
  const withDefault = (command?.options ?? []).filter((option) => option.default !== undefined);
  return Object.fromEntries(withDefault.map((option) => [option.name, option.default]));
}
