import type { BundleError, BundleState } from '@oxtender/bundle-api';
import { ServiceLedger } from '../registry/service-ledger';
import type { HostBundleContext } from './bundle-context';
import type { LoadedContent } from './content/bundle-content';
import { Generation } from './generation';
import { HostBundle } from './host-bundle';
import type { HostFramework } from './host-framework';
import type { Started } from './lifecycle/started';

/** The autostart setting (rule P9). */
export type Autostart = 'stopped' | 'eager' | 'declared';

/** What an installation begins with: new, or as the store has it. */
export interface InstallationRecord {
  readonly id: number;
  readonly location: string;
  readonly startLevel: number;
  readonly autostart: Autostart;
  readonly enabled: boolean;
  readonly lastError?: string | undefined;
}

/** All that the host knows of an installed bundle; {@link HostBundle} is the face that others see. */
export class Installation {
  readonly id: number;
  readonly location: string;
  readonly bundle: HostBundle;
  readonly ledger: ServiceLedger;
  current: Generation;
  /** Kept for a rollback (rule U7). */
  previous: Generation | undefined;
  /** Generations replaced, to which others are still wired (rule U9). */
  readonly removalPending: Generation[] = [];

  state: BundleState = 'INSTALLED';
  context: HostBundleContext | undefined;
  /** From STARTING to the end of the clean-up. */
  started: Started | undefined;

  autostart: Autostart;
  startLevel: number;
  /** The operator's own switch; the disabled list may say no all the same (rule P14). */
  enabled: boolean;
  tainted = false;
  lastError: string | undefined;
  /** Why the content must not run: it is not what was packed (rule X2). An update heals it. */
  corruption: BundleError | undefined;
  startedAt: number | undefined;
  /** Place in the order of starts, for stopping in reverse (rule P1). */
  startOrder = 0;
  /** It ran when it was disabled, and shall again when it is enabled (rule P14). */
  resume = false;
  readonly timings = { resolve: 0, load: 0, start: 0 };

  constructor(host: HostFramework, record: InstallationRecord, loaded: { content: LoadedContent; generation: number }) {
    this.id = record.id;
    this.location = record.location;
    this.autostart = record.autostart;
    this.startLevel = record.startLevel;
    this.enabled = record.enabled;
    this.lastError = record.lastError;
    this.bundle = new HostBundle(host, this);
    this.ledger = new ServiceLedger(this.bundle);
    this.current = new Generation(this.bundle, loaded.generation, loaded.content);
  }

  get symbolicName(): string {
    return this.current.content.symbolicName;
  }

  get version(): string {
    return this.current.version;
  }

  /** STARTING, ACTIVE or STOPPING. */
  get running(): boolean {
    return this.started !== undefined;
  }
}
