import { oxError } from '../envelope/ox-error';
import type { Call } from './call';
import type { Action, Module, Reply } from './module';

/** An action found by path and name. */
export interface Target {
  readonly action: Action;
  /** What of the path lies below the module. */
  readonly rest: string;
}

/**
 * Finds the action of `/ajax/<path>?action=<name>`: the longest module path wins, so `mailfilter/v2` is a module of
 * its own while `config/folder/tasks` is the module `config` with a rest.
 *
 * @throws OxError SVL-0007, SVL-0001
 */
export function findAction(modules: Readonly<Record<string, Module>>, path: string, name: string): Target {
  for (let head = path; head !== ''; head = head.slice(0, Math.max(0, head.lastIndexOf('/')))) {
    const module = Object.hasOwn(modules, head) ? modules[head] : undefined;
    if (!module) continue;
    const rest = path.slice(head.length + 1);
    const action = Object.hasOwn(module, name) && rest === '' ? module[name] : module['*'];
    if (!action) throw oxError('SVL-0001', name);
    return { action, rest };
  }
  throw oxError('SVL-0007', path);
}

/** Runs the action: all or nothing. */
export function runAction(action: Action, call: Call): Reply | Promise<Reply> {
  if (action.waits) return action(call);
  const reply = call.context.transaction(() => action(call));
  return call.isFinished || reply instanceof Promise ? reply : call.finish(reply);
}
