import { type ChangeNotice, type Clock, type Folder, GroupwareError, type Logger } from '@oxtender/bundle-api';
import { moduleOfClass } from '../columns/folders';
import type { OxCall } from '../http/ox-call';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import type { NoticeSource } from './watcher';

export interface PollingOptions {
  readonly client: OxClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks after a change, and when nothing has changed for long. */
  readonly interval: number;
  readonly idleInterval: number;
  readonly listFolders: (options: { signal: AbortSignal }) => Promise<Folder[]>;
}

/** How much longer each look waits when nothing changed. */
const slowing = 1.5;

/** Part of an interval by which it varies, so that users do not ask in step. */
const jitter = 0.2;

/** Asks for changes of all folders of a user: two requests a time, whatever the number of folders and devices. */
export class Polling implements NoticeSource {
  readonly #stop = new AbortController();
  readonly #states = new Map<string, string>();
  #hierarchy: string | undefined;
  #interval: number;
  #timer: Disposable | undefined;

  constructor(private readonly options: PollingOptions) {
    this.#interval = options.interval;
  }

  start(tell: (notice: ChangeNotice) => void): void {
    void this.#run(tell);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#timer?.[Symbol.dispose]();
  }

  async #run(tell: (notice: ChangeNotice) => void): Promise<void> {
    const { interval, idleInterval, clock, log } = this.options;
    try {
      const changed = await this.#look(tell);
      this.#interval = changed ? interval : Math.min(this.#interval * slowing, idleInterval);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      log.warn('polling OX for changes failed', { error });
      this.#interval = idleInterval;
    }
    if (this.#stop.signal.aborted) return;
    const wait = this.#interval * (1 + jitter * (2 * Math.random() - 1));
    this.#timer = clock.setTimeout(() => void this.#run(tell), wait);
  }

  /** @returns true when something had changed; the first look only learns the states */
  async #look(tell: (notice: ChangeNotice) => void): Promise<boolean> {
    const { signal } = this.#stop;
    const folders = await this.options.listFolders({ signal });
    const isFirst = this.#hierarchy === undefined;
    const hierarchy = JSON.stringify(folders);
    const notices: ChangeNotice[] = [];
    if (!isFirst && hierarchy !== this.#hierarchy) notices.push({ hierarchy: true });
    this.#hierarchy = hierarchy;
    for (const folderId of await this.#changedFolders(folders)) if (!isFirst) notices.push({ folderId });
    for (const notice of notices) tell(notice);
    return notices.length > 0;
  }

  async #changedFolders(folders: readonly Folder[]): Promise<string[]> {
    const { client } = this.options;
    const readable = folders.filter(({ rights, subscribed }) => subscribed && rights.read !== 'none');
    const calls = readable.map((folder) => this.#call(folder));
    const answers = await client.all(calls, { signal: this.#stop.signal });
    return readable.flatMap((folder, index) => {
      const answer = answers[index];
      if (answer === undefined || answer instanceof OxError) return [];
      const before = this.#states.get(folder.id);
      const state = stateOf(folder, answer.data, Math.max(answer.timestamp, Number(before ?? 0) || 0));
      this.#states.set(folder.id, state);
      return before === undefined || before === state ? [] : [folder.id];
    });
  }

  #call({ id, itemClass }: Folder): OxCall {
    if (itemClass === 'Notes') throw new GroupwareError('UNSUPPORTED', 'OX has no notes');
    if (itemClass === 'Email') return mailCall(id, this.options.client.account.traits.mailExamine);
    if (itemClass === 'Calendar' && this.options.client.account.traits.legacyCalendar === false)
      return chronosCall(id, Number(this.#states.get(id) ?? 0));
    const parameters = {
      folder: id,
      columns: '1',
      ignore: false,
      // Nothing is older than now; the answer tells the newest time that there is.
      timestamp: Number(this.#states.get(id) ?? 0),
      ...(itemClass === 'Calendar' && { recurrence_master: true }),
    };
    return { module: moduleOfClass[itemClass], action: 'updates', parameters };
  }
}

function chronosCall(folder: string, timestamp: number): OxCall {
  return {
    module: 'chronos',
    action: 'updates',
    parameters: { folder, timestamp, expand: false, fields: 'id,timestamp' },
  };
}

function mailCall(folder: string, examine: boolean): OxCall {
  if (examine) return { module: 'mail', action: 'examine', parameters: { folder } };
  return { module: 'mail', action: 'all', parameters: { folder, columns: '600,611', sort: 610, order: 'desc' } };
}

function stateOf({ itemClass }: Folder, data: unknown, timestamp: number): string {
  return itemClass === 'Email' ? JSON.stringify(data) : String(timestamp);
}
