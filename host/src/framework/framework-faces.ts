import type {
  Bundle,
  BundleContent,
  BundleStatus,
  FrameworkListener,
  FrameworkOperator,
  FrameworkStartLevel,
  FrameworkWiring,
} from '@oxtender/bundle-api';
import { explain } from '../resolver/explain';
import { consequencesOf } from './consequences';
import type { HostFramework } from './host-framework';
import type { Installation } from './installation';
import { rehearseInstall } from './lifecycle/install';
import { dependencyClosure, refresh, removalPending } from './lifecycle/refresh';
import { resolveWhatCan } from './lifecycle/resolve';
import { rehearse } from './lifecycle/update';

/** Start levels as operators' consoles see them. */
export function frameworkStartLevel(host: HostFramework): FrameworkStartLevel {
  const levelOf = (bundle: Bundle): number => (bundle.id === 0 ? 0 : host.bundles.installation(bundle).startLevel);
  return Object.freeze({
    get level() {
      return host.startLevels.level;
    },
    get initialBundleLevel() {
      return host.startLevels.initialBundleLevel;
    },
    setInitialBundleLevel: (level: number) => host.startLevels.setInitialBundleLevel(level),
    setLevel: (level: number, ...listeners: FrameworkListener[]) => host.startLevels.request(level, listeners),
    bundleLevel: levelOf,
    setBundleLevel: async (bundle: Bundle, level: number) => {
      if (bundle.id === 0) throw new RangeError("the framework's own level cannot be set");
      await host.startLevels.setBundleLevel(host.bundles.installation(bundle), level);
    },
    isPersistentlyStarted: (bundle: Bundle) =>
      bundle.id === 0 || host.bundles.installation(bundle).autostart !== 'stopped',
  });
}

/** Resolver and refresh as operators' consoles see them. */
export function frameworkWiring(host: HostFramework): FrameworkWiring {
  const installations = (
    bundles: readonly Bundle[] | undefined,
    otherwise: () => Iterable<Installation>,
  ): Installation[] =>
    bundles
      ? bundles.filter(({ id }) => id !== 0).map((bundle) => host.bundles.installation(bundle))
      : [...otherwise()];
  return Object.freeze({
    resolve: (bundles?: readonly Bundle[]) => {
      const asked = installations(bundles, () => host.bundles);
      resolveWhatCan(host, asked);
      return Promise.resolve(asked.every(({ state }) => state !== 'INSTALLED'));
    },
    dependencyClosure: (bundles?: readonly Bundle[]) =>
      dependencyClosure(
        host,
        installations(bundles, () => removalPending(host)),
      ).map(({ bundle }) => bundle),
    refresh: async (bundles?: readonly Bundle[]) => {
      const closure = dependencyClosure(
        host,
        installations(bundles, () => removalPending(host)),
      );
      await refresh(host, closure);
      return closure.map(({ bundle }) => bundle);
    },
    removalPending: () => removalPending(host).map(({ bundle }) => bundle),
    capabilities: (bundle: Bundle) => {
      const resource = bundle.id === 0 ? host.resource : host.bundles.installation(bundle).current.resource;
      return resource.capabilities.map(({ declared }) => declared);
    },
    wires: (bundle: Bundle) => (bundle.id === 0 ? [] : (host.bundles.installation(bundle).current.wires ?? [])),
    explain: (bundle: Bundle) =>
      explain(host.resolver, host.resolverState, host.bundles.installation(bundle).current.resource),
  });
}

/** What operators know and do beyond OSGi's API. */
export function frameworkOperator(host: HostFramework): FrameworkOperator {
  const find = (bundle: Bundle): Installation => host.bundles.installation(bundle);
  return Object.freeze({
    status: (bundle: Bundle) => statusOf(host, find(bundle)),
    setEnabled: async (bundle: Bundle, enabled: boolean) => host.setEnabled(find(bundle), enabled),
    get disabledPatterns() {
      return host.disabledPatterns;
    },
    setDisabledPatterns: async (patterns: readonly string[]) => host.setDisabledPatterns(patterns),
    installAndStart: async (location: string, content?: BundleContent) =>
      host.operations.installAndStart(location, content),
    rehearseInstall: async (content: BundleContent, { start = false } = {}) => {
      const { symbolicName, package: json } = await rehearseInstall(host, content, { start });
      return { symbolicName, package: json };
    },
    update: async (bundle: Bundle, content?: BundleContent, { approved }: { approved?: boolean } = {}) =>
      host.operations.update(find(bundle), { content, approved }),
    rehearseUpdate: async (bundle: Bundle, content?: BundleContent, { approved }: { approved?: boolean } = {}) =>
      rehearse(host, find(bundle), { content, approved }),
    rollback: async (bundle: Bundle) => host.operations.rollback(find(bundle)),
    collectGarbage: async () => {
      for (const installation of host.bundles) {
        if (installation.previous) host.content.removeGeneration(installation, installation.previous);
        installation.previous = undefined;
      }
      await host.persist();
    },
    consequencesOf: (operation) => consequencesOf(host, operation),
    leaks: (options) => host.leaks.leaks(options),
  } satisfies FrameworkOperator);
}

function statusOf(host: HostFramework, installation: Installation): BundleStatus {
  const { autostart, startLevel, tainted, started, previous, startedAt, lastError, timings } = installation;
  return {
    autostart,
    startLevel,
    disabled: host.isDisabled(installation),
    tainted,
    crashing: host.crashGuard.trips(installation),
    corrupt: installation.corruption !== undefined,
    lazy: started?.lazy ?? false,
    previousVersion: previous?.version,
    startedAt,
    lastError,
    timings: { ...timings },
  };
}
