import { type OperatorAnswer, type OperatorCommands } from '@oxtender/bundle-api';
import { ConsoleError } from '../console-error';

export interface RunOptions {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly dryRun?: boolean;
}

/** Commands in the name of one operator. */
export class OperatorRun {
  constructor(
    private readonly commands: OperatorCommands,
    private readonly user: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws ConsoleError UNAVAILABLE when nobody has the command; REFUSED, with what the command said */
  async run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<OperatorAnswer> {
    if (!this.commands.list().some(({ name }) => name === command)) {
      throw new ConsoleError('UNAVAILABLE', `the bundle that has "${command}" is not running`, { retryable: true });
    }
    const { user, signal } = this;
    try {
      return await this.commands.run({ command, args, ...options, user, signal });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ConsoleError('REFUSED', message, { cause: error });
    }
  }

  async result<T>(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<T> {
    return (await this.run(command, args, options)).result as T;
  }
}
