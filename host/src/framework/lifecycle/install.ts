import { BundleError } from '@oxtender/bundle-api';
import type { Bundle, BundleContent } from '@oxtender/bundle-api';
import { type CheckedPackage, warnOfUnknownKeys } from '../content/manifest';
import type { LoadedContent } from '../content/bundle-content';
import { explain, formatExplanation } from '../../resolver/explain';
import type { HostFramework } from '../host-framework';
import type { StagedContent } from '../store/content-store';
import { type Autostart, Installation } from '../installation';

export interface InstallRequest {
  readonly location: string;
  readonly content: BundleContent;
  readonly origin: Bundle;
  /** What it begins with where an operator's file does not say. */
  readonly autostart?: Autostart;
}

/**
 * Takes a bundle in (rules L1 to L4). Neither resolves nor starts it.
 *
 * @throws BundleError READ_ERROR, MANIFEST_ERROR, INTEGRITY_ERROR, DUPLICATE_BUNDLE_ERROR; nothing is left behind
 */
export async function install(
  host: HostFramework,
  { location, content, origin, autostart = 'stopped' }: InstallRequest,
): Promise<Installation> {
  const staged = await host.content.stage(content);
  const installation = admit(host, { location, autostart }, staged);
  await host.saveSettings(installation);
  warnOfUnknownKeys(host.log, installation.bundle, staged.content.unknownKeys);
  host.events.bundleEvent('INSTALLED', installation.bundle, origin);
  return installation;
}

/** From the check to the entry in the table nothing waits, so that no other installation comes between. */
function admit(
  host: HostFramework,
  { location, autostart }: { location: string; autostart: Autostart },
  staged: StagedContent,
): Installation {
  const id = host.state.takeId();
  try {
    assertNoDuplicate(host, staged.content);
    const record = { id, location, ...settingsOf(host, staged.content, autostart) };
    const installation = new Installation(host, record, { content: staged.moveTo(id, 1), generation: 1 });
    host.bundles.add(installation);
    host.resolver.add(installation.current.resource);
    return installation;
  } catch (error) {
    host.state.giveBackId(id);
    staged.discard();
    throw error;
  }
}

/** What the operator's file says, else the manifest, else the framework. */
function settingsOf(
  host: HostFramework,
  { symbolicName, manifest }: LoadedContent,
  autostart: Autostart,
): Pick<Installation, 'startLevel' | 'autostart' | 'enabled'> {
  const settings = host.bundleFolder.settingsOf(symbolicName);
  return {
    startLevel: settings.startLevel ?? manifest.startLevel ?? host.startLevels.initialBundleLevel,
    autostart: settings.autostart ?? autostart,
    enabled: settings.enabled ?? true,
  };
}

/**
 * What an install would be refused with, and with `start` the start after it; nothing is left behind.
 *
 * @throws BundleError
 */
export async function rehearseInstall(
  host: HostFramework,
  content: BundleContent,
  { start }: { start: boolean },
): Promise<CheckedPackage> {
  const staged = await host.content.stage(content);
  try {
    assertNoDuplicate(host, staged.content);
    if (start) assertResolvable(host, staged.content);
    return staged.content;
  } finally {
    staged.discard();
  }
}

/** As if the content were installed. */
function assertResolvable(host: HostFramework, content: LoadedContent): void {
  const record = { id: 0, location: '', ...settingsOf(host, content, 'eager') };
  const { resource } = new Installation(host, record, { content, generation: 1 }).current;
  const rehearsal = host.resolver.with(resource);
  if (rehearsal.resolve([resource]).unresolvable.length === 0) return;
  const explanation = explain(rehearsal, host.resolverState, resource);
  throw new BundleError('RESOLVE_ERROR', formatExplanation(explanation), { details: explanation });
}

/** @throws BundleError DUPLICATE_BUNDLE_ERROR for the same name and version at another location (rule L2) */
export function assertNoDuplicate(
  host: HostFramework,
  { symbolicName, package: { version } }: LoadedContent,
  self?: Installation,
): void {
  for (const twin of host.resolver.named(symbolicName)) {
    if (twin.bundle === self?.bundle || twin.version !== version) continue;
    const text = `${symbolicName} ${version} is installed from ${twin.bundle.location}`;
    throw new BundleError('DUPLICATE_BUNDLE_ERROR', text);
  }
}
