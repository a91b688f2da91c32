import type { Clock, LogReader, OperatorCommands } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import { ConsoleError } from '../console-error';
import type { Changes } from '../live/changes';
import type { Sampler } from '../live/sampler';
import type { Role, Session, Sessions } from '../session/sessions';
import { OperatorRun } from './operator-run';

/** What the API is made of. */
export interface ApiParts {
  readonly commands: OperatorCommands;
  readonly logReader: LogReader;
  readonly sessions: Sessions;
  readonly sampler: Sampler;
  readonly changes: Changes;
  readonly clock: Clock;
}

/** What may stand in a path: a name or an id, never a pattern that means several bundles. */
const nameSyntax = /^[\w@.][\w@./:+ -]{0,200}$/;

/** One request of a browser that is logged in. */
export class ApiCall<Body = unknown> {
  readonly signal: AbortSignal;
  /** The commands of `oxtender`, in the name of the operator. */
  readonly operator: OperatorRun;

  constructor(
    readonly context: Context & { readonly params: Readonly<Record<string, string>> },
    readonly session: Session,
    readonly body: Body,
    readonly parts: ApiParts,
  ) {
    const gone = new AbortController();
    context.res.once('close', () => gone.abort(new Error('the browser has gone')));
    this.signal = AbortSignal.any([gone.signal, session.signal]);
    this.operator = new OperatorRun(parts.commands, auditName(session), this.signal);
  }

  /** @throws ConsoleError INVALID */
  name(parameter: string): string {
    const value = this.context.params[parameter] ?? '';
    if (!nameSyntax.test(value)) throw new ConsoleError('INVALID', `${parameter} is no name`);
    return value;
  }

  query(name: string): string {
    const value = this.context.query[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  }
}

/** One who may do anything, or look at everything. */
export interface ApiRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** The least that is demanded. */
  readonly role: Role;
  /** JSON Schema of the body of a POST. */
  readonly body?: object;
  /** What it returns is the answer, as JSON; undefined: it has answered by itself. */
  readonly handle: (call: ApiCall) => unknown;
}

/** How the audit trail names somebody who came by the console. */
export function auditName({ name }: { readonly name: string }): string {
  return `console:${name}`;
}
