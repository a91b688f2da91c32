import { once } from 'node:events';
import type { Context } from 'koa';
import type { SandboxClock } from '../clock';
import { type OxCode, oxCodes } from '../envelope/codes';
import { OxError, oxError } from '../envelope/ox-error';
import type { Session, Sessions } from '../session/sessions';

/** Something that goes wrong with the next calls. */
interface Fault {
  readonly kind: 'delay' | 'fail' | 'expire' | 'drop' | 'hold' | 'status';
  /** Module, or `module:action`; undefined: all calls. */
  readonly on: string | undefined;
  readonly code: OxCode | undefined;
  /** Milliseconds of a delay, or an HTTP status. */
  readonly value: number;
  count: number;
}

/** Breaks the server on purpose, for tests: `POST /ajax/sandbox?action=...`. Only where the configuration allows it. */
export class Knobs {
  #faults: Fault[] = [];
  #down = false;
  #held = 0;

  constructor(
    private readonly sessions: Sessions,
    private readonly clock: SandboxClock,
  ) {}

  /** True while the server plays dead: it answers 503 to everything but this module. */
  get down(): boolean {
    return this.#down;
  }

  /** The faults that concern this call, each counted. */
  take(module: string, action: string): readonly Fault[] {
    return this.#take(({ on }) => on === undefined || on === module || on === `${module}:${action}`);
  }

  /** Waits, throws or answers before the call is run. @returns true when the answer is written already */
  async before(faults: readonly Fault[], ctx: Context): Promise<boolean> {
    await this.#disturb(faults);
    const status = faults.find(({ kind }) => kind === 'status');
    if (status) ctx.status = status.value;
    return status !== undefined;
  }

  /** The same before one part of `multiple`, which faults that name its module find. */
  async beforePart(session: Session, module: string, action: string): Promise<void> {
    const isOfPart = ({ on, kind }: Fault): boolean =>
      (on === module || on === `${module}:${action}`) && ['delay', 'fail', 'expire'].includes(kind);
    await this.#disturb(this.#take(isOfPart));
    if (!this.sessions.get(session.id)) throw oxError('SES-0203', session.id);
  }

  /** The call has been run; its answer is kept until the client is gone, or cut off half-way with the connection. */
  async after(faults: readonly Fault[], ctx: Context): Promise<void> {
    if (faults.some(({ kind }) => kind === 'hold')) {
      this.#held++;
      if (!ctx.req.socket.destroyed) await once(ctx.req.socket, 'close');
      return;
    }
    if (!faults.some(({ kind }) => kind === 'drop')) return;
    const body =
      typeof ctx.body === 'string' ? Buffer.from(ctx.body) : Buffer.isBuffer(ctx.body) ? ctx.body : Buffer.alloc(2);
    ctx.respond = false;
    ctx.res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    ctx.res.write(body.subarray(0, body.length >> 1), () => ctx.req.socket.destroy());
  }

  /** One request to the module. @throws OxError SVL-0001, SVL-0010 */
  turn(ctx: Context): object {
    const query = (name: string): string | undefined =>
      typeof ctx.query[name] === 'string' ? ctx.query[name] : undefined;
    const action = query('action') ?? '';
    const count = Number(query('count') ?? 1);
    const on = query('on');
    switch (action) {
      case 'delay':
        if (!this.clock.sleep) throw oxError('SVL-0010', 'this clock has no timers');
        return this.#add({ kind: 'delay', on, code: undefined, value: Number(query('milliseconds')), count });
      case 'fail':
        return this.#add({ kind: 'fail', on, code: codeOf(query('code')), value: 0, count });
      case 'status':
        return this.#add({ kind: 'status', on, code: undefined, value: Number(query('status') ?? 503), count });
      case 'drop':
        return this.#add({ kind: 'drop', on, code: undefined, value: 0, count });
      case 'hold':
        return this.#add({ kind: 'hold', on, code: undefined, value: 0, count });
      case 'held':
        return { held: this.#held };
      case 'expire':
        if (on !== undefined) return this.#add({ kind: 'expire', on, code: undefined, value: 0, count });
        this.sessions.endAll();
        return { sessions: 0 };
      case 'down':
      case 'up':
        this.#down = action === 'down';
        return { down: this.#down };
      case 'reset':
        return this.#reset();
      default:
        throw oxError('SVL-0001', action);
    }
  }

  #take(concerns: (fault: Fault) => boolean): readonly Fault[] {
    const concerned = this.#faults.filter(concerns);
    for (const fault of concerned) fault.count--;
    this.#faults = this.#faults.filter(({ count }) => count > 0);
    return concerned;
  }

  async #disturb(faults: readonly Fault[]): Promise<void> {
    for (const { kind, value } of faults) if (kind === 'delay') await this.clock.sleep?.(value);
    if (faults.some(({ kind }) => kind === 'expire')) this.sessions.endAll();
    const failure = faults.find(({ kind }) => kind === 'fail');
    if (failure?.code) throw new OxError(failure.code);
  }

  /** @returns how many faults had not been met */
  #reset(): object {
    const faults = this.#faults.length;
    this.#faults = [];
    this.#down = false;
    this.#held = 0;
    return { faults };
  }

  #add(fault: Fault): object {
    this.#faults.push(fault);
    return { faults: this.#faults.length };
  }
}

function codeOf(code: string | undefined): OxCode {
  if (code !== undefined && Object.hasOwn(oxCodes, code)) return code as OxCode;
  throw oxError('SVL-0010', `code=${code ?? ''}`);
}
