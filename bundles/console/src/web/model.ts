/** Answers of the API, as the commands of `oxtender` give them with `--json`. */

export type Role = 'read' | 'admin';

export interface Session {
  readonly name: string;
  readonly role: Role;
  readonly csrfToken: string;
  readonly ends: number;
}

export interface BundleRow {
  readonly id: number;
  readonly state: string;
  readonly note: string;
  readonly level: number;
  readonly version: string;
  readonly name: string;
  readonly symbolicName: string;
  readonly started: string | null;
  readonly autostart: string;
}

export interface ComponentRow {
  readonly name: string;
  readonly bundle: string;
  readonly state: string;
  readonly provides: readonly string[];
  readonly reason?: string;
}

export interface BundleDetails extends BundleRow {
  readonly info: Readonly<Record<string, unknown>>;
  readonly explanation: string;
  readonly components: readonly ComponentRow[];
}

export interface ComponentDetails extends ComponentRow {
  readonly pids: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly references: readonly {
    readonly name: string;
    readonly service: string;
    readonly cardinality: string;
    readonly policy: string;
    readonly satisfied: boolean;
    readonly bound: readonly number[];
    readonly candidates: readonly string[];
  }[];
}

export interface ServiceRow {
  readonly id: number;
  readonly service: readonly string[];
  readonly bundle: string;
  readonly ranking: number;
  readonly scope: string;
  readonly usedBy: readonly string[];
  readonly properties: readonly string[];
}

export interface ConfigurationRow {
  readonly pid: string;
  readonly bundle: string;
  readonly state: string;
  readonly reason: string;
}

export type Scalar = string | number | boolean;

/** JSON Schema of one key, as far as a form goes by it. */
export interface KeySchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Scalar | readonly Scalar[];
  readonly enum?: readonly Scalar[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: KeySchema;
  readonly 'x-secret'?: boolean;
  readonly 'x-restart'?: string;
}

export interface ConfigurationValue {
  readonly key: string;
  readonly value: Scalar | readonly Scalar[];
  /** With its placeholders, where it has some. */
  readonly written?: string | readonly string[];
  readonly from: string;
  readonly restarts: string;
}

export interface ConfigurationDetails extends ConfigurationRow {
  readonly file: string;
  readonly schema: { readonly title?: string; readonly properties?: Readonly<Record<string, KeySchema>> } | null;
  readonly values: readonly ConfigurationValue[] | null;
}

export interface PlannedChange {
  readonly key: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly restarts: string;
}

/** What saving would change, and what would go for it. */
export interface ConfigurationPlan {
  readonly changes: readonly PlannedChange[];
  readonly text?: string;
}

export interface DeviceDetails {
  readonly device: Readonly<Record<string, string | number>>;
  readonly folders: readonly {
    readonly collectionId: string;
    readonly folderId: string;
    readonly itemClass: string;
    readonly name: string;
    readonly changedAt: string;
  }[];
  readonly skipped: readonly {
    readonly collectionId: string;
    readonly folderName: string;
    readonly itemId: string;
    readonly reason: string;
    readonly since: string;
  }[];
}

export interface HealthRow {
  readonly status: string;
  readonly name: string;
  readonly bundle: string;
  readonly tags: readonly string[];
  readonly message?: string;
}

export interface LogEntry {
  readonly time: number;
  readonly level: string;
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface AuditRow {
  readonly time: string;
  readonly user: string;
  readonly command: string;
  readonly outcome: string;
}

export interface RouteRow {
  readonly path: string;
  readonly bundle: string;
  readonly state: string;
  readonly inFlight: number;
  readonly routes: readonly string[];
  readonly reason?: string;
}

export type Figure =
  | 'requests'
  | 'failedRequests'
  | 'latencyMedian'
  | 'latencyHigh'
  | 'waitingDevices'
  | 'requestsInFlight'
  | 'oxCalls'
  | 'oxErrors'
  | 'oxLatencyHigh'
  | 'databaseQueries'
  | 'databaseErrors'
  | 'databaseLatencyHigh'
  | 'databaseWaiting'
  | 'memory'
  | 'processor'
  | 'eventLoopLag';

export interface Sample {
  readonly time: number;
  readonly figures: Readonly<Record<Figure, number | null>>;
}
