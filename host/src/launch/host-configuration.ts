import type { Logger } from '@oxtender/bundle-api';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFaults, HostConfigurationAdmin } from '../configuration/configuration-admin';
import { ConfigurationFiles, ConfigurationMemory } from '../configuration/configuration-files';
import { ConfigurationSchema } from '../configuration/schema';
import { SchemaRegistry } from '../configuration/schema-registry';
import { environmentVariable } from './environment';
import type { FrameworkOptions } from './framework-options';
import { hostSchema, type HostSettings } from './host-settings';

/** The configurations of a host, and its own settings among them. */
export interface HostConfiguration {
  readonly admin: HostConfigurationAdmin;
  readonly schemas: SchemaRegistry;
  /** Of the files; undefined when they are in memory. */
  readonly folder: string | undefined;
  /** Framework properties, for placeholders and bundles: `host.url`, `host.data`, and every `host.` key given. */
  readonly properties: Map<string, string>;
  /** As they are now: the last good ones. */
  readonly settings: HostSettings;
}

/** @throws Error when `host.properties` or an option is wrong: there are no good values to go on with */
export function loadConfiguration(options: FrameworkOptions, log: Logger): HostConfiguration {
  const { store, configurationFolder: folder = store === undefined ? undefined : join(store, 'conf') } = options;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const overrides = overridesOf(options);
  const properties = new Map(Object.entries(options.properties ?? {}));
  for (const [key, value] of overrides) if (key.startsWith('host.')) properties.set(key, value);
  const schemas = new SchemaRegistry(log);
  schemas.add('host', new ConfigurationSchema(hostSchema));
  const admin = new HostConfigurationAdmin({
    texts: folder === undefined ? new ConfigurationMemory() : new ConfigurationFiles(folder),
    scope: { environment: environmentVariable, file: readOrUndefined, property: (name) => properties.get(name) },
    overrides,
    log,
    schemaOf: (pid) => schemas.get(pid),
  });
  const { properties: first, faults } = admin.evaluationOf('host');
  if (!first) throw new Error(describeFaults(admin.fileOf('host'), faults));
  for (const [key, value] of Object.entries(first)) if (!properties.has(key)) properties.set(key, String(value));
  let settings = first as unknown as HostSettings;
  admin.onChange(({ pid }) => {
    if (pid === 'host') settings = (admin.evaluationOf('host').properties as HostSettings | undefined) ?? settings;
  });
  return {
    admin,
    schemas,
    folder,
    properties,
    get settings() {
      return settings;
    },
  };
}

/** Framework properties that are settings of the host are settings, too. */
function overridesOf({ properties = {}, configuration = {} }: FrameworkOptions): Map<string, string> {
  const settings = Object.entries(properties).filter(([key]) => Object.hasOwn(hostSchema.properties, key));
  return new Map([...settings, ...Object.entries(configuration)]);
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
