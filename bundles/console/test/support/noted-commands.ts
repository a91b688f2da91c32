import type {
  AuditedAction,
  CommandDescription,
  OperatorAnswer,
  OperatorCommands,
  OperatorRequest,
} from '@oxtender/bundle-api';

type Answer = (request: OperatorRequest) => unknown;

/** Commands that answer as they are told, and note what they were asked. */
export class NotedCommands implements OperatorCommands {
  /** Command, arguments, options that say something, `dry`; without those of the sampler. */
  readonly asked: unknown[][] = [];
  readonly audited: AuditedAction[] = [];
  readonly answers = new Map<string, Answer>();
  /** Those of bundles that are not running. */
  readonly missing = new Set<string>();

  list(): CommandDescription[] {
    const names = [...this.answers.keys()].filter((name) => !this.missing.has(name));
    return names.map((name) => ({
      ...{ name, description: '', args: [], options: [] },
      mutating: false,
      bundle: undefined,
    }));
  }

  run(request: OperatorRequest): Promise<OperatorAnswer> {
    const { command, args = [], options = {}, dryRun = false, user } = request;
    const rest = [...(Object.keys(options).length > 0 ? [options] : []), ...(dryRun ? ['dry'] : [])];
    this.asked.push([user, command, ...args, ...rest]);
    return Promise.resolve().then(() => ({ result: this.answers.get(command)?.(request), text: `text of ${command}` }));
  }

  audit(action: AuditedAction): Promise<void> {
    this.audited.push(action);
    return Promise.resolve();
  }
}
