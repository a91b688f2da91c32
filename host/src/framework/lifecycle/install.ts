import { BundleError } from '@oxtender/bundle-api';
import type { Bundle, BundleContent } from '@oxtender/bundle-api';
import { warnOfUnknownKeys } from '../content/manifest';
import type { LoadedContent } from '../content/bundle-content';
import type { HostFramework } from '../host-framework';
import type { StagedContent } from '../store/content-store';
import { Installation } from '../installation';

/**
 * Takes a bundle in (rules L1 to L4). Neither resolves nor starts it.
 *
 * @throws BundleError READ_ERROR, MANIFEST_ERROR, INTEGRITY_ERROR, DUPLICATE_BUNDLE_ERROR; nothing is left behind
 */
export async function install(
  host: HostFramework,
  { location, content, origin }: { location: string; content: BundleContent; origin: Bundle },
): Promise<Installation> {
  const staged = await host.content.stage(content);
  const installation = admit(host, location, staged);
  await host.saveSettings(installation);
  warnOfUnknownKeys(host.log, installation.bundle, staged.content.unknownKeys);
  host.events.bundleEvent('INSTALLED', installation.bundle, origin);
  return installation;
}

/** From the check to the entry in the table nothing waits, so that no other installation comes between. */
function admit(host: HostFramework, location: string, staged: StagedContent): Installation {
  const { symbolicName, manifest } = staged.content;
  const id = host.state.takeId();
  try {
    assertNoDuplicate(host, staged.content);
    const settings = host.bundleFolder.settingsOf(symbolicName);
    const startLevel = settings.startLevel ?? manifest.startLevel ?? host.startLevels.initialBundleLevel;
    const installation = new Installation(
      host,
      { id, location, startLevel, autostart: settings.autostart ?? 'stopped', enabled: settings.enabled ?? true },
      { content: staged.moveTo(id, 1), generation: 1 },
    );
    host.bundles.add(installation);
    host.resolver.add(installation.current.resource);
    return installation;
  } catch (error) {
    host.state.giveBackId(id);
    staged.discard();
    throw error;
  }
}

/** @throws BundleError DUPLICATE_BUNDLE_ERROR for the same name and version at another location (rule L2) */
export function assertNoDuplicate(
  host: HostFramework,
  { symbolicName, package: { version } }: LoadedContent,
  self?: Installation,
): void {
  const twin = host.bundles.named(symbolicName).find((other) => other !== self && other.version === version);
  if (twin) {
    const text = `${symbolicName} ${version} is installed from ${twin.location}`;
    throw new BundleError('DUPLICATE_BUNDLE_ERROR', text);
  }
}
