import type { CommandClass } from './command';

/** All commands. The header MS-ASProtocolCommands is made of it. */
export const commandTable: readonly CommandClass[] = [];
