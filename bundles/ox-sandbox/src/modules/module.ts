import type { Answer } from '../envelope/envelope';
import type { Call } from './call';

/** Bytes instead of an envelope. */
export interface Download {
  readonly content: Buffer | Iterable<Buffer>;
  /** Bytes of the content, where known. */
  readonly length?: number;
  readonly contentType: string;
  readonly filename?: string;
}

/** An answer without a body: 404 for a picture that is not there. */
export interface Bare {
  readonly status: number;
}

export type Reply = Answer | Download | Bare;

/** One action of a module. Runs in a transaction unless it is {@link waiting}. */
export interface Action {
  (call: Call): Reply | Promise<Reply>;
  readonly waits?: boolean;
}

/** Actions by name. The name `*` answers whatever lies below the module's path. */
export type Module = Readonly<Record<string, Action>>;

/** Marks an action that waits for something, and so opens its transactions itself. */
export function waiting(run: (call: Call) => Promise<Reply>): Action {
  return Object.assign((call: Call) => run(call), { waits: true });
}

export function isDownload(reply: Reply): reply is Download {
  return 'content' in reply;
}

export function isBare(reply: Reply): reply is Bare {
  return 'status' in reply;
}
