import { HostBundleContext } from '../bundle-context';
import { within } from '../clock';
import type { Extender } from '../extender';
import type { HostFramework } from '../host-framework';
import type { Started } from './started';

/** Lets the extenders dress a bundle, in the reverse of the order in which they quiesce it. @throws what one throws */
export function dress(host: HostFramework, started: Started): Promise<void> | undefined {
  return inTurn(host.dressers, (extender) => extender.starting?.(started));
}

/** Tells the extenders that the bundle runs. */
export function announceStarted(host: HostFramework, started: Started): Promise<void> | undefined {
  return inTurn(host.dressers, (extender) => harmless(host, started, extender, callStarted));
}

/** HTTP drain, then the bundle's signal, then components, then configuration; none can veto (rule L19). */
export function quiesce(host: HostFramework, started: Started): Promise<void> | undefined {
  const call = (extender: Extender): Promise<void> | undefined => harmless(host, started, extender, callStopping);
  const others = (): Promise<void> | undefined => {
    HostBundleContext.abort(started.context);
    return inTurn(host.quiescers.afterSignal, call);
  };
  const drained = inTurn(host.quiescers.beforeSignal, call);
  return drained ? drained.then(others) : others();
}

/** Lets the extenders drop what belongs to the generation. */
export function undress(host: HostFramework, started: Started): Promise<void> | undefined {
  return inTurn(host.extenders, (extender) => harmless(host, started, extender, callStopped));
}

type ExtenderCall = (extender: Extender, started: Started, host: HostFramework) => void | Promise<void>;

const callStarted: ExtenderCall = (extender, started) => extender.started?.(started);
const callStopped: ExtenderCall = (extender, started) => extender.stopped?.(started);

/** The controller is made for those who ask for the signal. */
const callStopping: ExtenderCall = (extender, started, host) => {
  if (!extender.stopping) return undefined;
  const limit = new Limit();
  const stopping = extender.stopping(started, limit);
  return stopping ? inTime(host, started, { extender, stopping, limit }) : undefined;
};

class Limit {
  #abort: AbortController | undefined;

  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  exceed(): void {
    this.#abort?.abort();
  }
}

async function inTime(
  host: HostFramework,
  { bundle }: Started,
  { extender, stopping, limit }: { extender: Extender; stopping: Promise<void>; limit: Limit },
): Promise<void> {
  const milliseconds = extender.stopLimit ?? 0;
  if ((await within(host.clock, milliseconds, stopping)) !== 'timeout') return;
  limit.exceed();
  stopping.catch((error: unknown) => host.report('WARNING', bundle, error));
  host.report('WARNING', bundle, new Error(`${extender.name} did not quiesce within ${milliseconds} ms`));
}

/** What fails is told, and the others go on. */
function harmless(
  host: HostFramework,
  started: Started,
  extender: Extender,
  call: ExtenderCall,
): Promise<void> | undefined {
  try {
    return call(extender, started, host)?.catch((error: unknown) => failed(host, started, extender, error));
  } catch (error) {
    failed(host, started, extender, error);
    return undefined;
  }
}

function failed(host: HostFramework, { bundle }: Started, { name }: Extender, error: unknown): void {
  host.report('ERROR', bundle, error, `${name} failed`);
}

/** One after the other. Waits only for what takes its time: most extenders have nothing to do. */
function inTurn(
  extenders: readonly Extender[],
  call: (extender: Extender) => void | Promise<void>,
): Promise<void> | undefined {
  let called = 0;
  for (const extender of extenders) {
    called++;
    const pending = call(extender);
    if (pending) return pending.then(() => inTurn(extenders.slice(called), call));
  }
  return undefined;
}
