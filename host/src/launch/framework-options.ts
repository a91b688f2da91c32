import type { Clock } from '@oxtender/bundle-api';
import type { Extender } from '../framework/extender';
import type { LogDestination } from '../log/logging';

/** How a framework is made. Nothing is needed: without a store everything is in memory, and gone with the framework. */
export interface FrameworkOptions {
  /** Folder of the persistent state. */
  readonly store?: string;
  /** Parent of the bundles' data folders; default `data` below the store. */
  readonly dataFolder?: string;
  /** The operators' folder `bundle.d`, read live; none: settings are in the store alone. */
  readonly bundleFolder?: string;
  /** Folder of the configurations, `<pid>.properties`, read live; default `conf` below the store, in memory without one. */
  readonly configurationFolder?: string;
  /** Configuration values above those of the files, by key, or by `<pid>.<key>`. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Framework properties: what `context.getProperty` answers. `host.…` are the host's own settings. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Where the lines of the log go, as JSON; none: the service `LogReader` has the last of them. */
  readonly log?: LogDestination;
  /** Listen at `host.http.address` and `host.http.port`; `host.url` says where. Else `HttpConnections` alone brings requests. */
  readonly http?: boolean;
  /** Folder of the CLI's socket, `oxtender --data FOLDER`, and of `audit.log`, where operators' changes are kept. */
  readonly adminFolder?: string;
  /** Bundles that are put into this folder are installed and started, updated and removed as they change (rule O5). */
  readonly deployFolder?: string;
  /** From `init` to `stop`, rejections that a bundle leaves unhandled do not end the process (rule X6). */
  readonly guardProcess?: boolean;
  /** Parts that serve bundles, beside the host's own. */
  readonly extenders?: readonly Extender[];
}
