import type { Bundle } from '@oxtender/bundle-api';

/** The configuration of a PID as one bundle sees it. */
export interface ConfigurationReading {
  /** With the schema's defaults; undefined when it is refused, or a required key is missing. */
  readonly properties: Readonly<Record<string, unknown>> | undefined;
  /** Keys whose values are to be shown nowhere (rule G18). */
  readonly secrets: readonly string[];
  /** Keys whose change makes no component anew: `x-restart: none` (rule G17). */
  readonly gentle: readonly string[];
  /** A file, or an update, is behind it. */
  readonly exists: boolean;
  /** Why there are no properties: file, line, key and what is wrong with it. */
  readonly reason: string | undefined;
}

/** Where components get their configurations from. */
export interface ConfigurationSource {
  read(bundle: Bundle, pid: string): ConfigurationReading;
  /** PIDs of the factory configurations of a factory PID (rule G1). */
  factoryPids(bundle: Bundle, factoryPid: string): readonly string[];
  /** Calls back after any of the PIDs, or of their factory configurations, changed. */
  watch(bundle: Bundle, pids: readonly string[], changed: (deleted: boolean) => void | Promise<void>): Disposable;
}
