import type { BundleContext, CommandDescription } from '@oxtender/bundle-api';
import { ConsoleCommand } from '@oxtender/bundle-api';
import { LiveServices } from '../tracking/live-services';

export interface KnownCommand {
  readonly command: ConsoleCommand;
  /** Undefined for the host's own. */
  readonly bundle: string | undefined;
}

/** The host's own commands, and those that bundles contribute. */
export class CommandSet {
  readonly #contributed: LiveServices<ConsoleCommand>;

  constructor(
    context: BundleContext,
    private readonly own: readonly ConsoleCommand[],
  ) {
    this.#contributed = new LiveServices(context, ConsoleCommand);
  }

  /** The host's own win over a bundle's of the same name. */
  find(name: string): KnownCommand | undefined {
    return this.list().find(({ command }) => command.name === name);
  }

  list(): KnownCommand[] {
    const known = new Map<string, KnownCommand>(
      this.own.map((command) => [command.name, { command, bundle: undefined }]),
    );
    for (const { service, reference } of this.#contributed.values()) {
      if (service && !known.has(service.name))
        known.set(service.name, { command: service, bundle: reference.bundle?.symbolicName });
    }
    return [...known.values()];
  }

  describe(): CommandDescription[] {
    return this.list().map(({ command, bundle }) => {
      const { name, description, args = [], options = [] } = command;
      return { name, description, args, options, mutating: 'preview' in command, bundle };
    });
  }
}
