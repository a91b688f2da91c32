import type { BundleManifest, Logger } from '@oxtender/bundle-api';
import { BundleContext, Clock as ClockToken, Logger as LoggerToken } from '@oxtender/bundle-api';
import { FakeClock, inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { ComponentExtender } from '../../src/components/component-extender';
import { HostConfigurationAdmin } from '../../src/configuration/configuration-admin';
import { ConfigurationExtender } from '../../src/configuration/configuration-extender';
import { ConfigurationMemory, type ConfigurationTexts } from '../../src/configuration/configuration-files';
import { SchemaRegistry } from '../../src/configuration/schema-registry';
import type { Extender } from '../../src/framework/extender';
import { Logging } from '../../src/log/logging';
import { type Launched, launch } from './launch';

/** A framework with configuration and components, in memory. */
export interface LaunchedHost extends Launched {
  readonly components: ComponentExtender;
  readonly admin: HostConfigurationAdmin;
  /** Puts a text where the admin finds it at its next look. */
  readonly texts: { set(pid: string, text: string): void };
  readonly configurations: ConfigurationExtender;
  readonly logging: Logging;
  /** Messages of the log, as `error: activation failed`. */
  messages(): string[];
  /** Starts an inline bundle with these component classes. */
  run(
    name: string,
    classes: Readonly<Record<string, unknown>>,
    manifest?: BundleManifest,
  ): ReturnType<Launched['start']>;
  /** Writes a configuration and waits until everybody has it. */
  configure(pid: string, properties: Record<string, string | number | boolean>): Promise<void>;
}

export interface LaunchHostOptions {
  readonly texts?: ConfigurationTexts;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly extenders?: readonly Extender[];
  readonly patience?: number;
  readonly clock?: FakeClock;
}

export async function launchHost(options: LaunchHostOptions = {}): Promise<LaunchedHost> {
  const time = { now: () => 0 };
  const logging = new Logging({ clock: time, destination: { write: () => undefined } });
  const log: Logger = logging.logger('host');
  const schemas = new SchemaRegistry(log);
  const texts = options.texts ?? new ConfigurationMemory();
  const admin = new HostConfigurationAdmin({
    texts,
    scope: { environment: () => undefined, file: () => undefined, property: (name) => options.properties?.[name] },
    overrides: new Map(Object.entries(options.overrides ?? {})),
    log,
    schemaOf: (pid) => schemas.get(pid),
  });
  const { clock = new FakeClock() } = options;
  const configurations = new ConfigurationExtender({ admin, schemas, clock, log, folder: undefined });
  const components = new ComponentExtender({
    clock,
    configurations,
    constants: ({ context }) => [
      { token: LoggerToken, value: log },
      { token: ClockToken, value: clock },
      { token: BundleContext, value: context },
    ],
    log: () => log,
    drain: 1000,
    patience: options.patience ?? 1000,
  });
  const launched = await launch({
    clock,
    extenders: [...(options.extenders ?? []), components, configurations],
    logger: log,
  });
  return {
    ...launched,
    clock,
    components,
    admin,
    configurations,
    texts: { set: (pid, text) => void texts.write(pid, text) },
    logging,
    messages: () => logging.entries().map(({ level, message }) => `${level}: ${message}`),
    run: async (name, classes, manifest = {}) => {
      const bundle = await launched.context.installBundle(
        `test:${name}`,
        inlineBundle(name, { components: { './c': classes }, manifest }),
      );
      await bundle.start();
      return bundle;
    },
    configure: async (pid, properties) => {
      await admin.getConfiguration(pid).update(properties);
      await configurations.delivered();
      await settle();
    },
  };
}
