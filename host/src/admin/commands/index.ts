import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';
import { bootCommands } from './boot';
import { bundleDetailCommands } from './bundle-details';
import { bundlesCommands } from './bundles';
import { componentCommands } from './components';
import { configChangeCommands } from './config/change';
import { configShowCommands } from './config/show';
import { doctorCommands } from './doctor';
import { eventsCommands } from './events';
import { explainCommands } from './explain';
import { healthCommands } from './health';
import { historyCommands } from './history';
import { httpCommands } from './http';
import { inspectCommands } from './inspect';
import { installCommands } from './install';
import { jobsCommands } from './jobs';
import { leaksCommands } from './leaks';
import { lifecycleCommands } from './lifecycle';
import { logCommands } from './log';
import { metricsCommands } from './metrics';
import { refreshCommands } from './refresh';
import { startLevelCommands } from './start-level';
import { uninstallCommands } from './uninstall';
import { updateCommands } from './update';

/** The host's own commands (rule O1). */
const groups: readonly ((host: OperatedHost) => readonly ConsoleCommand[])[] = [
  bundlesCommands, // bundles, lb
  bundleDetailCommands, // info, headers, diag, tree
  explainCommands, // explain
  lifecycleCommands, // enable, disable, start, stop, restart
  installCommands, // install
  updateCommands, // update, rollback
  refreshCommands, // refresh, resolve
  uninstallCommands, // uninstall, gc
  startLevelCommands, // startlevel, bundlelevel
  inspectCommands, // services, inspect
  componentCommands, // scr list, info, enable, disable
  configShowCommands, // config list, get, diff, path, history
  configChangeCommands, // config set, delete, check, put
  logCommands, // log get, tail, level
  eventsCommands, // events tail
  httpCommands, // http
  healthCommands, // health
  doctorCommands, // doctor
  metricsCommands, // metrics
  jobsCommands, // jobs
  leaksCommands, // leaks
  bootCommands, // boot
  historyCommands, // history
];

export function hostCommands(host: OperatedHost): ConsoleCommand[] {
  return groups.flatMap((group) => group(host));
}
