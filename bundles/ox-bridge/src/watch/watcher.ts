import type { ChangeNotice, ChangeWatch, FolderRef, Logger, WatchInterest } from '@oxtender/bundle-api';

/** Something that learns of changes: by asking, or by being told. */
export interface NoticeSource extends Disposable {
  /** Begins; may be called once. Tells nothing before the caller's turn is over. */
  start(tell: (notice: ChangeNotice) => void): void;
  /** What is waited for; undefined, as before the first call: everything. */
  attend?(interest: WatchInterest | undefined): void;
  /** The user's data change just now. */
  hurry?(): void;
}

/** Somebody who listens, and what for; undefined: everything. */
interface Listener {
  readonly hear: (notice: ChangeNotice) => void;
  interest: WatchInterest | undefined;
}

/** One watcher per user: its sources run as long as somebody listens. */
export class Watcher implements Disposable {
  readonly #listeners = new Set<Listener>();
  #sources: readonly NoticeSource[] = [];

  constructor(
    private readonly makeSources: () => readonly NoticeSource[],
    private readonly log: Logger,
  ) {}

  get isListening(): boolean {
    return this.#listeners.size > 0;
  }

  listen(hear: (notice: ChangeNotice) => void): ChangeWatch {
    const own: Listener = { hear, interest: undefined };
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#start();
    else this.#attend();
    return {
      // OX tells nothing of flags, contacts and tasks, and asking takes longer than the second that the contract
      // gives: silence proves nothing.
      covers: () => false,
      attend: (interest) => {
        own.interest = interest;
        if (this.#listeners.has(own)) this.#attend();
      },
      [Symbol.dispose]: () => {
        if (!this.#listeners.delete(own)) return;
        if (this.#listeners.size === 0) this.#stop();
        else this.#attend();
      },
    };
  }

  /** Tells what this process knows without asking OX. */
  announce(notice: ChangeNotice): void {
    this.#tell(notice);
    for (const source of this.#sources) source.hurry?.();
  }

  /** True when somebody says to wait for the folder. */
  attends(folderId: string): boolean {
    return [...this.#listeners].some(({ interest }) => interest?.folders.some(({ id }) => id === folderId));
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#stop();
  }

  #start(): void {
    this.#sources = this.makeSources();
    for (const source of this.#sources) source.start((notice) => this.#tell(notice));
  }

  #stop(): void {
    for (const source of this.#sources) source[Symbol.dispose]();
    this.#sources = [];
  }

  #attend(): void {
    const interest = union([...this.#listeners].map((listener) => listener.interest));
    for (const source of this.#sources) source.attend?.(interest);
  }

  #tell(notice: ChangeNotice): void {
    for (const { hear } of [...this.#listeners]) {
      try {
        hear(notice);
      } catch (error) {
        this.log.error('a listener to changes failed', { error });
      }
    }
  }
}

/** What any of them waits for. */
function union(interests: readonly (WatchInterest | undefined)[]): WatchInterest | undefined {
  const folders = new Map<string, FolderRef>();
  let hierarchy = false;
  for (const interest of interests) {
    if (!interest) return undefined;
    for (const folder of interest.folders) folders.set(folder.id, folder);
    hierarchy ||= interest.hierarchy;
  }
  return { folders: [...folders.values()], hierarchy };
}
