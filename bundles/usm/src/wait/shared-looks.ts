import type {
  Clock,
  Folder,
  FolderRef,
  GroupwareSession,
  ItemChanges,
  ItemClass,
  ListOptions,
} from '@oxtender/bundle-api';
import type { Listings } from '../sync/server-changes';
import type { UserWatch } from './user-watch';
import type { WatchPoint } from './watch-point';

/** Milliseconds for which another device's look may stand for one's own. */
const lifetime = 5_000;

/** Who looks: a device, and its way to the groupware. */
export interface Looker {
  readonly device: string;
  readonly groupware: GroupwareSession;
}

interface Look {
  readonly device: string;
  readonly point: WatchPoint;
  readonly begun: number;
  readonly answer: Promise<unknown>;
  isRunning: boolean;
}

/**
 * What a user's devices ask of the groupware while they wait. Devices that know the same ask once: what was asked stands
 * as long as it is under way, or fresh, and the watch announced nothing since. What changes later wakes whoever waits.
 */
export class SharedLooks {
  readonly #looks = new Map<string, Look>();

  constructor(
    private readonly watch: UserWatch,
    private readonly clock: Clock,
  ) {}

  /** As one device sees them. */
  of({ device, groupware }: Looker): Listings & Pick<GroupwareSession, 'listFolders'> {
    return {
      list: (folder, options) => groupware.list(folder, options),
      changes: <C extends ItemClass>(folder: FolderRef & { itemClass: C }, token: string, options: ListOptions) => {
        const { since, conversations = false } = options;
        const key = JSON.stringify([folder.itemClass, folder.id, token, since, conversations]);
        const isQuiet = (point: WatchPoint): boolean => this.watch.isSilentSince(point, folder);
        const ask = (): Promise<ItemChanges<C>> => groupware.changes(folder, token, options);
        return this.#share(key, { device, isQuiet, ask, keeps: ({ kind }) => kind === 'none' });
      },
      listFolders: (options) => {
        const isQuiet = (point: WatchPoint): boolean => this.watch.isHierarchyQuietSince(point);
        const ask = (): Promise<Folder[]> => groupware.listFolders(options);
        return this.#share('folders', { device, isQuiet, ask, keeps: () => true });
      },
    };
  }

  /** Nothing is kept for long. */
  sweep(): void {
    for (const [key, look] of this.#looks) if (!look.isRunning && !this.#isFresh(look)) this.#looks.delete(key);
  }

  /** A look that fails is its device's own affair: the others look themselves. */
  async #share<T>(key: string, question: Question<T>): Promise<T> {
    for (;;) {
      const other = this.#looks.get(key);
      if (!other || !this.#serves(other, question)) return this.#begin(key, question);
      try {
        return (await other.answer) as T;
      } catch {
        if (this.#looks.get(key) === other) this.#looks.delete(key);
      }
    }
  }

  #serves(look: Look, { device, isQuiet }: Omit<Question<unknown>, 'keeps'>): boolean {
    return isQuiet(look.point) && (look.isRunning || (look.device !== device && this.#isFresh(look)));
  }

  #begin<T>(key: string, { device, ask, keeps }: Question<T>): Promise<T> {
    this.sweep();
    const { point } = this.watch;
    const begun = this.clock.now();
    const answer = ask();
    const look: Look = { device, point, begun, answer, isRunning: true };
    this.#looks.set(key, look);
    const end = (isKept: boolean): void => {
      look.isRunning = false;
      if (!isKept && this.#looks.get(key) === look) this.#looks.delete(key);
    };
    answer.then(
      (found) => end(keeps(found)),
      () => end(false),
    );
    return answer;
  }

  #isFresh({ begun }: Look): boolean {
    return this.clock.now() - begun < lifetime;
  }
}

interface Question<T> {
  readonly device: string;
  readonly isQuiet: (point: WatchPoint) => boolean;
  readonly ask: () => Promise<T>;
  /** Whether the answer is small, and worth being kept for a moment. */
  readonly keeps: (answer: T) => boolean;
}
