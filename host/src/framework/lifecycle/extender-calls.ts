import { HostBundleContext } from '../bundle-context';
import { within } from '../clock';
import { type Extender, stopPhases } from '../extender';
import type { HostFramework } from '../host-framework';
import type { Started } from './started';

/** Lets the extenders dress a bundle, in the reverse of the order in which they quiesce it. @throws what one throws */
export async function dress(host: HostFramework, started: Started): Promise<void> {
  for (const extender of inReverse(host)) {
    const result = extender.starting?.(started);
    if (result) await result;
  }
}

/** Tells the extenders that the bundle runs. */
export async function announceStarted(host: HostFramework, started: Started): Promise<void> {
  for (const extender of inReverse(host)) {
    await harmless(host, started, extender, () => extender.started?.(started));
  }
}

/** HTTP drain, then the bundle's signal, then components, then configuration; none can veto (rule L19). */
export async function quiesce(host: HostFramework, started: Started): Promise<void> {
  for (const phase of stopPhases) {
    for (const extender of host.extenders) {
      if (extender.phase === phase && extender.stopping) {
        await harmless(host, started, extender, () => limited(host, started, extender));
      }
    }
    if (phase === 'http') HostBundleContext.abort(started.context);
  }
}

/** Lets the extenders drop what belongs to the generation. */
export async function undress(host: HostFramework, started: Started): Promise<void> {
  for (const extender of host.extenders) {
    await harmless(host, started, extender, () => extender.stopped?.(started));
  }
}

async function limited(host: HostFramework, started: Started, extender: Extender): Promise<void> {
  const abort = new AbortController();
  const stopping = extender.stopping?.(started, { signal: abort.signal });
  if (!stopping) return;
  if ((await within(host.clock, extender.stopLimit ?? 0, stopping)) === 'timeout') {
    abort.abort();
    stopping.catch((error: unknown) => host.report('WARNING', started.bundle, error));
    host.report(
      'WARNING',
      started.bundle,
      new Error(`${extender.name} did not quiesce within ${extender.stopLimit ?? 0} ms`),
    );
  }
}

async function harmless(
  host: HostFramework,
  started: Started,
  extender: Extender,
  call: () => void | Promise<void>,
): Promise<void> {
  try {
    const result = call();
    if (result) await result;
  } catch (error) {
    host.report('ERROR', started.bundle, error, `${extender.name} failed`);
  }
}

function inReverse({ extenders }: HostFramework): Extender[] {
  return [...stopPhases].reverse().flatMap((phase) => extenders.filter((extender) => extender.phase === phase));
}
