import type { Bundle, BundleContext } from '@oxtender/bundle-api';

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
  const bundles = context.getBundles().filter(({ id }) => id !== 0);
  const found = names.flatMap((name) => {
    const matching = bundles.filter((bundle) => matches(bundle, name));
    if (matching.length === 0) throw new Error(`there is no bundle ${name}${suggestion(bundles, name)}`);
    return matching;
  });
  return [...new Set(found)];
}

function matches(bundle: Bundle, name: string): boolean {
  if (/^\d+$/.test(name)) return bundle.id === Number(name);
  if (!name.includes('*')) return bundle.symbolicName === name || bundle.symbolicName.endsWith(`.${name}`);
  const pattern = new RegExp(`^${name.split('*').map(escape).join('.*')}$`);
  return pattern.test(bundle.symbolicName) || pattern.test(shortName(bundle));
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function suggestion(bundles: readonly Bundle[], name: string): string {
  const near = bundles
    .map(shortName)
    .filter((each) => each.includes(name) || name.includes(each) || sharedStart(each, name) > 2);
  return near.length > 0 ? `: did you mean ${near.join(' or ')}?` : `. There are: ${bundles.map(shortName).join(', ')}`;
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
