import type { Logger } from '@oxtender/bundle-api';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFaults, HostConfigurationAdmin } from '../configuration/configuration-admin';
import { ConfigurationFiles } from '../configuration/configuration-files';
import { ConfigurationSchema } from '../configuration/schema';
import { SchemaRegistry } from '../configuration/schema-registry';
import type { HostOptions } from './command-line';
import { environmentVariable } from './environment';
import { hostSchema, type HostSettings } from './host-settings';

/** The configurations of a host, and its own settings among them. */
export interface HostConfiguration {
  readonly admin: HostConfigurationAdmin;
  readonly schemas: SchemaRegistry;
  readonly folder: string;
  /** Framework properties, for placeholders and bundles: `host.url`, `host.data`, and every `host.` key given. */
  readonly properties: Map<string, string>;
  /** As they are now: the last good ones. */
  readonly settings: HostSettings;
}

/** @throws Error when `host.properties` or an option is wrong: there are no good values to go on with */
export function loadConfiguration({ data, overrides }: HostOptions, log: Logger): HostConfiguration {
  const folder = join(data, 'conf');
  const properties = new Map([...overrides].filter(([key]) => key.startsWith('host.')));
  const schemas = new SchemaRegistry(log);
  schemas.add('host', new ConfigurationSchema(hostSchema));
  const admin = new HostConfigurationAdmin({
    texts: new ConfigurationFiles(folder),
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

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
