import type { Command, CommandClass, CommandDescriptor, CommandServices } from './command';
import type { CommandName } from './command-codes';

/** A command and what is fixed about it. */
export interface CommandEntry {
  readonly descriptor: CommandDescriptor;
  readonly command: Command;
}

/** The commands that this server has, made once. */
export class CommandSet {
  readonly #entries: ReadonlyMap<CommandName, CommandEntry>;

  constructor(classes: readonly CommandClass[], services: CommandServices) {
    this.#entries = new Map(
      classes.map((Class) => [Class.descriptor.name, { descriptor: Class.descriptor, command: new Class(services) }]),
    );
  }

  /** Names as MS-ASProtocolCommands lists them. */
  get names(): readonly CommandName[] {
    return [...this.#entries.keys()];
  }

  find(name: CommandName): CommandEntry | undefined {
    return this.#entries.get(name);
  }
}
