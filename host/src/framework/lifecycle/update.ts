import { BundleError } from '@oxtender/bundle-api';
import type { BundleContent } from '@oxtender/bundle-api';
import { explain, formatExplanation } from '../../resolver/explain';
import { compareVersions } from '../../resolver/version-range';
import type { LoadedContent } from '../content/bundle-content';
import { Generation } from '../generation';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { morePermissions } from '../permissions';
import type { StagedContent } from '../store/content-store';
import { comeBack, swap } from './come-back';
import { deactivate } from './deactivation';
import { assertNothingBroke, failuresOf } from './failures';
import { assertNoDuplicate } from './install';

export interface UpdateRequest {
  readonly content?: BundleContent | undefined;
  /** The operator agrees to permissions that the running content does not have. */
  readonly approved?: boolean | undefined;
}

/**
 * Replaces a bundle's content (rules U1 to U7). Nothing of the running generation is touched before the new one is
 * read, checked, found resolvable and loaded; and if it does not start, the old one is back.
 *
 * @throws BundleError of the step that failed; ACTIVATOR_ERROR after a roll-back has the new generation's error as cause
 */
export async function update(
  host: HostFramework,
  installation: Installation,
  { content, approved = false }: UpdateRequest,
): Promise<void> {
  await announced(host, installation, async () => {
    const { previous } = installation;
    const staged = await host.content.stage(content ?? sourceOf(installation));
    const next = await prepare(host, installation, staged, approved);
    await replace(host, installation, next, host.properties.text('host.update.onStartError') === 'keep');
    if (previous) host.content.removeGeneration(installation, previous);
    await host.persist();
  });
}

/** What an update checks before it loads anything (rule U3); nothing is left behind. @throws BundleError */
export async function rehearse(
  host: HostFramework,
  installation: Installation,
  { content, approved = false }: UpdateRequest,
): Promise<void> {
  const { bundle, current } = installation;
  const staged = await host.content.stage(content ?? sourceOf(installation));
  try {
    assertAcceptable(host, installation, staged, approved);
    assertResolvable(host, installation, new Generation(bundle, current.number + 1, staged.content));
  } finally {
    staged.discard();
  }
}

/** Where new content comes from when the operator does not say (rule U1). */
function sourceOf({ current, location }: Installation): BundleContent {
  return current.manifest.updateLocation ?? current.content.inline ?? location;
}

/** Back to the generation before the last update (rule U7); a second rollback goes forward again. */
export async function rollback(host: HostFramework, installation: Installation): Promise<void> {
  const { previous, symbolicName } = installation;
  if (!previous)
    throw new BundleError(
      'INVALID_OPERATION',
      `${symbolicName} has no previous generation: there is nothing to roll back to`,
    );
  await announced(host, installation, async () => {
    await replace(host, installation, previous, false);
    await host.persist();
  });
}

/** Extenders may hold what comes in for the bundle until it is back. */
async function announced(host: HostFramework, installation: Installation, work: () => Promise<void>): Promise<void> {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  for (const extender of host.extenders) extender.updating?.(installation.bundle, finished);
  try {
    await work();
  } finally {
    finish();
  }
}

/** Everything that can be known of the new content while the old one runs. */
async function prepare(
  host: HostFramework,
  installation: Installation,
  staged: StagedContent,
  approved: boolean,
): Promise<Generation> {
  const { current, previous, id, bundle } = installation;
  const number = Math.max(current.number, previous?.number ?? 0) + 1;
  let next: Generation | undefined;
  try {
    assertAcceptable(host, installation, staged, approved);
    next = new Generation(bundle, number, staged.moveTo(id, number));
    assertResolvable(host, installation, next);
    if (host.properties.flag('host.update.preload')) await preload(next);
    return next;
  } catch (error) {
    staged.discard();
    if (next) {
      next.loader.unload();
      host.content.removeGeneration(installation, next);
    }
    throw error;
  }
}

function assertAcceptable(
  host: HostFramework,
  installation: Installation,
  { content }: StagedContent,
  approved: boolean,
): void {
  const { symbolicName, version, current } = installation;
  assertNoDuplicate(host, content, installation);
  if (current.manifest.native || content.manifest.native) {
    throw new BundleError('INVALID_OPERATION', nativeText(host, installation));
  }
  const more = morePermissions(current.manifest.permissions, content.manifest.permissions);
  if (more.length > 0 && !approved)
    throw new BundleError('INVALID_OPERATION', approvalText(installation, content, more));
  const signed = host.properties.text('host.integrity.policy') !== 'off';
  const downgrade = compareVersions(content.package.version, version) < 0;
  if (signed && downgrade && !host.properties.flag('host.integrity.allowDowngrade')) {
    throw new BundleError('INTEGRITY_ERROR', `${symbolicName} ${content.package.version} is older than ${version}`);
  }
}

/** Rule X4. */
function approvalText(
  { symbolicName, version }: Installation,
  { package: next }: LoadedContent,
  more: string[],
): string {
  const advice = `approve it: oxtender update ${symbolicName} --approve`;
  return `${symbolicName} ${next.version} may touch more than ${version}: ${more.join(', ')}; ${advice}`;
}

/** Node can load native code once, so that the new content can only be there from the start (rule N4). */
function nativeText(host: HostFramework, { symbolicName, location, current }: Installation): string {
  const inPlace = host.content.record(current)?.stored !== true;
  const advice = inPlace
    ? `put the new content into ${location} and restart the host`
    : 'uninstall it, restart the host, and install the new content';
  return `${symbolicName} has native code, which a running host cannot replace: ${advice}`;
}

/** A dry run with the new generation in the old one's place. */
function assertResolvable(
  host: HostFramework,
  { bundle, current, symbolicName }: Installation,
  next: Generation,
): void {
  const state = {
    ...host.resolverState,
    isResolved: (resource: Generation['resource']) =>
      resource.bundle !== bundle && host.resolverState.isResolved(resource),
  };
  const rehearsal = host.resolver.replacing(current.resource, next.resource, state);
  if (rehearsal.resolve([next.resource]).unresolvable.length === 0) return;
  if (host.resolverState.isDisabled(next.resource)) return;
  const explanation = explain(rehearsal, state, next.resource);
  const text = `update of ${symbolicName} is refused: ${formatExplanation(explanation)}`;
  throw new BundleError('RESOLVE_ERROR', text, { details: explanation });
}

async function preload({ loader, manifest }: Generation): Promise<void> {
  try {
    for (const path of [...(manifest.components ?? []), ...(manifest.activator ? [manifest.activator] : [])]) {
      await loader.load(path);
    }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError('ACTIVATOR_ERROR', `the new content does not load: ${text}`, { cause });
  }
}

/** Stop, swap, start (steps 7 to 10 of U2). What is replaced is the previous generation from the swap on, also after a crash. */
async function replace(
  host: HostFramework,
  installation: Installation,
  next: Generation,
  keep: boolean,
): Promise<void> {
  const { current, previous, bundle, running } = installation;
  const failedBefore = failuresOf(host, installation);
  await stopForUpdate(host, installation);
  swap(host, installation, next);
  installation.previous = sharesFolder(current, next) ? undefined : current;
  host.events.bundleEvent('UPDATED', bundle);
  try {
    await host.persist();
    if (running) await host.operations.startInside(installation);
    if (!keep) assertNothingBroke(host, installation, failedBefore);
  } catch (cause) {
    if (!keep) await comeBack(host, installation, { from: next, to: current, previous, running, cause });
    host.report('ERROR', bundle, cause, 'the new generation does not start');
  }
  host.leaks.unload(installation, current);
}

/** A folder is used in place: what it had before the update is nowhere any more. */
function sharesFolder({ content }: Generation, next: Generation): boolean {
  return content.folder !== undefined && content.folder === next.content.folder;
}

async function stopForUpdate(host: HostFramework, installation: Installation): Promise<void> {
  try {
    await deactivate(host, installation, { keepModules: true });
  } catch (error) {
    if (host.properties.text('host.update.onStopError') === 'abort') throw error;
    host.report('ERROR', installation.bundle, error, 'stop before the update failed');
  }
}
