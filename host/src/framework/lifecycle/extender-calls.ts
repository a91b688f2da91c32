import { HostBundleContext } from '../bundle-context';
import { within } from '../clock';
import { type Extender, stopPhases } from '../extender';
import type { HostFramework } from '../host-framework';
import type { Started } from './started';

/** Lets the extenders dress a bundle, in the reverse of the order in which they quiesce it. @throws what one throws */
export async function dress(host: HostFramework, started: Started): Promise<void> {
  for (const extender of host.dressers) {
    const result = extender.starting?.(started);
    if (result) await result;
  }
}

/** Tells the extenders that the bundle runs. */
export async function announceStarted(host: HostFramework, started: Started): Promise<void> {
  for (const extender of host.dressers) {
    const pending = harmless(host, started, extender, () => extender.started?.(started));
    if (pending) await pending;
  }
}

/** HTTP drain, then the bundle's signal, then components, then configuration; none can veto (rule L19). */
export async function quiesce(host: HostFramework, started: Started): Promise<void> {
  for (const phase of stopPhases) {
    for (const extender of host.extenders) {
      if (extender.phase !== phase) continue;
      const pending = harmless(host, started, extender, () => limited(host, started, extender));
      if (pending) await pending;
    }
    if (phase === 'http') HostBundleContext.abort(started.context);
  }
}

/** Lets the extenders drop what belongs to the generation. */
export async function undress(host: HostFramework, started: Started): Promise<void> {
  for (const extender of host.extenders) {
    const pending = harmless(host, started, extender, () => extender.stopped?.(started));
    if (pending) await pending;
  }
}

/** The controller is made for those who ask for the signal. */
function limited(host: HostFramework, started: Started, extender: Extender): Promise<void> | undefined {
  let abort: AbortController | undefined;
  const stopping = extender.stopping?.(started, {
    get signal() {
      return (abort ??= new AbortController()).signal;
    },
  });
  return stopping ? inTime(host, started, { extender, stopping, late: () => abort?.abort() }) : undefined;
}

async function inTime(
  host: HostFramework,
  { bundle }: Started,
  { extender, stopping, late }: { extender: Extender; stopping: Promise<void>; late: () => void },
): Promise<void> {
  const limit = extender.stopLimit ?? 0;
  if ((await within(host.clock, limit, stopping)) !== 'timeout') return;
  late();
  stopping.catch((error: unknown) => host.report('WARNING', bundle, error));
  host.report('WARNING', bundle, new Error(`${extender.name} did not quiesce within ${limit} ms`));
}

/** What fails is told, and the others go on. Waits only for what takes its time: most extenders have nothing to do. */
function harmless(
  host: HostFramework,
  { bundle }: Started,
  { name }: Extender,
  call: () => void | Promise<void>,
): Promise<void> | undefined {
  const failed = (error: unknown): void => host.report('ERROR', bundle, error, `${name} failed`);
  try {
    return call()?.catch(failed);
  } catch (error) {
    failed(error);
    return undefined;
  }
}
