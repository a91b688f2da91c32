import type { Bundle, ComponentReport, Framework } from '@oxtender/bundle-api';
import { declaredServices } from '../../framework/declared-services';

/**
 * Components that wait for a service which nobody but disabled bundles would provide, or components that wait so
 * themselves; with the reason. Bundles are known by what their manifests declare.
 */
export function switchedOff(
  framework: Framework,
  components: readonly ComponentReport[],
): ReadonlyMap<ComponentReport, string> {
  const bundles = framework.context?.getBundles() ?? [];
  const off = new Map<ComponentReport, string>();
  /** The disabled bundles that would provide it; undefined when it may come without any of them. */
  const absent = (token: string): readonly Bundle[] | undefined => {
    const declaring = bundles.filter((bundle) => declaredServices(bundle).includes(token));
    const others = components.filter((each) => each.provides.includes(token));
    const idle = declaring.filter((bundle) => !others.some((each) => each.bundle === bundle));
    const disabled = idle.filter((bundle) => framework.operator.status(bundle).disabled);
    const hopeless = disabled.length === idle.length && others.every((each) => off.has(each));
    return hopeless && disabled.length + others.length > 0 ? disabled : undefined;
  };
  const reasonOf = ({ state, references }: ComponentReport): string | undefined => {
    if (state !== 'unsatisfied-reference') return undefined;
    for (const { service, satisfied } of references) {
      const providers = satisfied ? undefined : absent(service);
      if (providers) return `${service} is not there${providers.map(disabledText).join('')}`;
    }
    return undefined;
  };
  for (let before = -1; before < off.size;) {
    before = off.size;
    for (const each of components) {
      const reason = off.has(each) ? undefined : reasonOf(each);
      if (reason !== undefined) off.set(each, reason);
    }
  }
  return off;
}

const disabledText = ({ symbolicName }: Bundle): string => `, ${symbolicName} is disabled`;
