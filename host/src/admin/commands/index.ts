import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';
import { bundlesCommands } from './bundles';
import { lifecycleCommands } from './lifecycle';

/** The host's own commands: one file for each group (rule O1). */
const groups: readonly ((host: OperatedHost) => readonly ConsoleCommand[])[] = [bundlesCommands, lifecycleCommands];

export function hostCommands(host: OperatedHost): ConsoleCommand[] {
  return groups.flatMap((group) => group(host));
}
