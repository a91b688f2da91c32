import type { Bundle, BundleContext } from '@oxtender/bundle-api';
import { didYouMean, nearestNames } from '../text/nearest-names';

/** What an operator need not type of a symbolic name. */
const prefix = 'oxtender.';

/** `oxtender.eas` → `eas`. */
export function shortName({ symbolicName }: Bundle): string {
  return symbolicName.startsWith(prefix) ? symbolicName.slice(prefix.length) : symbolicName;
}

/**
 * The bundles that an operator means: by id, symbolic name, its last part, or a pattern with `*` (rule O1).
 *
 * @throws Error when there is none, with the nearest names
 */
export function findBundles(context: BundleContext, names: readonly string[]): Bundle[] {
  const found = names.flatMap((name) => {
    const matching = bundlesNamed(context, name);
    if (name === '0') throw new Error('bundle 0 is the host itself: stop and start it as a program');
    if (matching.length === 0) throw new Error(`there is no bundle ${name}${suggestion(allBundles(context), name)}`);
    return matching;
  });
  return [...new Set(found)];
}

/** The same for one name; none when nothing matches. */
export function bundlesNamed(context: BundleContext, name: string): Bundle[] {
  return allBundles(context).filter((bundle) => matches(bundle, name));
}

/** Without the host itself. */
export function allBundles(context: BundleContext): Bundle[] {
  return context.getBundles().filter(({ id }) => id !== 0);
}

function matches(bundle: Bundle, name: string): boolean {
  if (/^\d+$/.test(name)) return bundle.id === Number(name);
  if (!name.includes('*')) return bundle.symbolicName === name || bundle.symbolicName.endsWith(`.${name}`);
  const pattern = new RegExp(`^${name.split('*').map(escape).join('.*')}$`);
  return pattern.test(bundle.symbolicName) || pattern.test(shortName(bundle));
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function suggestion(bundles: readonly Bundle[], name: string): string {
  const names = bundles.map(shortName);
  const near = nearestNames(name, names);
  return near.length > 0 ? `: ${didYouMean(near)}` : `. There are: ${names.join(', ')}`;
}
