import type { Bundle, BundleContext, Framework, Logger } from '@oxtender/bundle-api';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The bundles among these folders and their sub-folders: whose package.json has the key `bundle`. */
export function findBundles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    if (isBundle(folder)) return [realpathSync(folder)];
    if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isDirectory() && isBundle(path))
      .map((path) => realpathSync(path));
  });
}

/**
 * Installs what is found and not yet known, and starts it unless a file in `bundle.d` says otherwise. What is known is as
 * it was when the host stopped.
 */
export async function installBundles(
  context: BundleContext,
  options: {
    folders: readonly string[];
    settingsFolder: string;
    log: Logger;
    operator: Framework['operator'];
  },
): Promise<void> {
  for (const location of findBundles(options.folders)) {
    if (context.getBundle(location)) continue;
    try {
      const decided = hasSettings(options.settingsFolder, location);
      const bundle = await context.installBundle(location);
      if (!decided) await startUnlessDisabled(bundle, options);
    } catch (error) {
      options.log.error('bundle could not be installed', { location, error });
    }
  }
}

/** A disabled one waits: autostart is recorded, and it starts when it is enabled (rules L10, P14). */
async function startUnlessDisabled(
  bundle: Bundle,
  { operator, log }: { operator: Framework['operator']; log: Logger },
): Promise<void> {
  try {
    await bundle.start({ policy: 'declared' });
  } catch (error) {
    if (!operator.status(bundle).disabled) throw error;
    log.info('bundle is disabled, and not started', { bundle: bundle.symbolicName });
  }
}

function isBundle(folder: string): boolean {
  return packageOf(folder)?.bundle !== undefined;
}

function hasSettings(folder: string, location: string): boolean {
  const { name = '', bundle } = packageOf(location) ?? {};
  const symbolicName = bundle?.symbolicName ?? name;
  return existsSync(join(folder, `${symbolicName.replaceAll('/', '_')}.properties`));
}

function packageOf(folder: string): { name?: string; bundle?: { symbolicName?: string } } | undefined {
  const path = join(folder, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }) : undefined;
}
