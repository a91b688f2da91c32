import type { BulkheadPolicy } from 'cockatiel';
import {
  type ChangeNotice,
  type Clock,
  type Folder,
  type FolderRef,
  type Logger,
  type Tracer,
  untraced,
  type WatchInterest,
} from '@oxtender/bundle-api';
import type { OxAnswer } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import { ChangeToken } from '../modules/change-token';
import { type FolderState, type Probe, probeOf } from './probe';
import { Rhythm } from './rhythm';
import type { NoticeSource } from './watcher';

export interface PollingOptions {
  readonly client: OxClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks after a change, and when nothing has changed for long. */
  readonly interval: number;
  readonly idleInterval: number;
  readonly listFolders: (options: { signal: AbortSignal }) => Promise<Folder[]>;
  /** Shared by all users: polls leave connections to what devices ask, and to looks at what was announced. */
  readonly slots: BulkheadPolicy;
  readonly tracer?: Tracer;
}

/** Milliseconds before the present, by the server's clock, from which changes count when a folder is new. */
const margin = 2_000;

/**
 * Asks for changes of the folders that matter: one request a time, whatever the number of folders and devices, and one
 * more for the list of folders now and then. Asks nothing while nothing is waited for.
 */
export class Polling implements NoticeSource {
  readonly #stop = new AbortController();
  readonly #states = new Map<string, FolderState>();
  readonly #rhythm: Rhythm;
  #interest: WatchInterest | undefined;
  #tell: (notice: ChangeNotice) => void = () => undefined;
  /** The list of folders as it was, as text, and when it was asked for. */
  #hierarchy: { readonly text: string; readonly folders: readonly Folder[]; readonly time: number } | undefined;

  constructor(private readonly options: PollingOptions) {
    this.#rhythm = new Rhythm(options, () => this.#run());
  }

  start(tell: (notice: ChangeNotice) => void): void {
    this.#tell = tell;
    this.#rhythm.plan();
  }

  attend(interest: WatchInterest | undefined): void {
    this.#interest = interest;
    const { folders, hierarchy } = interest ?? { folders: [], hierarchy: true };
    const isNew = folders.some(({ id }) => !this.#states.has(id)) || (hierarchy && this.#hierarchy === undefined);
    if (folders.length === 0 && !hierarchy) this.#rhythm.pause();
    else this.#rhythm.plan(isNew);
  }

  hurry(): void {
    this.#rhythm.hurry();
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#rhythm[Symbol.dispose]();
  }

  /** @returns whether anything had changed; undefined when it could not be found out */
  async #run(): Promise<boolean | undefined> {
    const { slots, tracer = untraced } = this.options;
    try {
      const look = () => tracer.span('ox poll', () => this.#look(), { root: true });
      const notices = await slots.execute(look, this.#stop.signal);
      for (const notice of notices) this.#tell(notice);
      return notices.length > 0;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.options.log.warn('polling OX for changes failed', { error });
      return undefined;
    }
  }

  /** What is looked at for the first time is told as well: nobody knows whether it changed before. */
  async #look(): Promise<ChangeNotice[]> {
    const isOther = await this.#hasOtherHierarchy();
    const folders = this.#interest?.folders ?? this.#hierarchy?.folders.filter(isReadable) ?? [];
    const changed = await this.#changedFolders(folders);
    if (isOther) return [{ hierarchy: true }];
    return changed.map((folderId) => ({ folderId }));
  }

  async #hasOtherHierarchy(): Promise<boolean> {
    const { clock, idleInterval, listFolders } = this.options;
    const before = this.#hierarchy;
    if (this.#interest?.hierarchy === false) return false;
    if (before && clock.now() - before.time < idleInterval / 2) return false;
    const folders = await listFolders(this.#stop);
    this.#hierarchy = { text: JSON.stringify(folders), folders, time: clock.now() };
    return this.#hierarchy.text !== before?.text;
  }

  async #changedFolders(folders: readonly FolderRef[]): Promise<string[]> {
    const { client, clock } = this.options;
    const { traits } = client.account;
    const start = folders.every(({ id }) => this.#states.has(id)) ? undefined : await this.#startingPoint();
    const known = (id: string): FolderState => this.#states.get(id) ?? start ?? new ChangeToken(0);
    const probes = folders.map((folder) => ({ id: folder.id, probe: probeOf(folder, known(folder.id), traits) }));
    const calls = probes.flatMap(({ probe }) => probe.calls);
    const answers = await client.all(calls, this.#stop);
    return probes.flatMap(({ id, probe }) => {
      const own = answers.splice(0, probe.calls.length);
      return this.#hasChanged(id, probe, own, clock.now()) ? [id] : [];
    });
  }

  #hasChanged(id: string, probe: Probe, answers: readonly (OxAnswer | OxError)[], now: number): boolean {
    const before = this.#states.get(id);
    const refusal = answers.find((one) => one instanceof OxError);
    // A folder that is refused has changed, once: it is gone, or the right to it.
    const { state, changed } = refusal
      ? { state: refusal.oxCode, changed: before !== refusal.oxCode }
      : probe.read(answers as readonly OxAnswer[], now);
    this.#states.set(id, state);
    return before === undefined || changed;
  }

  /** Shortly before now, by the server's clock: asking for what is newer costs the same for folders of any size. */
  async #startingPoint(): Promise<ChangeToken> {
    const { client, clock } = this.options;
    const answer = await client.call({ module: 'config/currentTime' }, this.#stop).catch((error: unknown) => {
      // A server that does not tell its time has one that is about ours.
      if (error instanceof OxError && !error.retryable) return undefined;
      throw error;
    });
    return new ChangeToken(Math.max(0, (answer?.serverTime ?? clock.now()) - margin));
  }
}

function isReadable({ subscribed, rights }: Folder): boolean {
  return subscribed && rights.read !== 'none';
}
