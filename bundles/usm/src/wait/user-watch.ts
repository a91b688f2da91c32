import type {
  ChangeNotice,
  ChangeWatch,
  Clock,
  FolderRef,
  GroupwareSession,
  WatchInterest,
} from '@oxtender/bundle-api';
import { SharedLooks } from './shared-looks';
import type { WatchPoint } from './watch-point';

/** A device that waits. */
export interface WatchListener {
  readonly interest: WatchInterest;
  /** `poll`: it is time to look into folders that the watch does not cover. */
  hear(notice: ChangeNotice | 'poll'): void;
}

/** What a user's folders announce, and when: one watch for all devices of the user. */
export class UserWatch implements Disposable {
  readonly looks: SharedLooks;
  readonly #watch: ChangeWatch;
  readonly #listeners = new Set<WatchListener>();
  /** When a folder was announced last, in notices since the beginning. */
  readonly #announced = new Map<string, number>();
  #everything = 0;
  #hierarchy = 0;
  #sequence = 0;
  #point: WatchPoint = { watch: this, sequence: 0 };

  constructor(groupware: GroupwareSession, clock: Clock) {
    this.looks = new SharedLooks(this, clock);
    this.#watch = groupware.watch((notice) => this.announce(notice));
    this.#attend();
  }

  /** To be taken before the groupware is asked. The same object as long as nothing is announced. */
  get point(): WatchPoint {
    return this.#point;
  }

  /** True when the folder's items have not changed since the groupware was asked at `point`. */
  isQuietSince(point: WatchPoint | undefined, folder: FolderRef): boolean {
    return this.isSilentSince(point, folder) && this.#watch.covers(folder);
  }

  /** True when nothing was announced of the folder's items since then: what changed may still be announced. */
  isSilentSince(point: WatchPoint | undefined, folder: FolderRef): boolean {
    if (point?.watch !== this || this.#everything > point.sequence) return false;
    return (this.#announced.get(folder.id) ?? 0) <= point.sequence;
  }

  /** True when the list of folders has not changed since the groupware was asked at `point`. */
  isHierarchyQuietSince(point: WatchPoint | undefined): boolean {
    return point?.watch === this && this.#hierarchy <= point.sequence;
  }

  /** True when silence means that nothing changed. */
  covers(folder: FolderRef): boolean {
    return this.#watch.covers(folder);
  }

  /** Also for what this engine hears from elsewhere. */
  announce(notice: ChangeNotice): void {
    this.#sequence += 1;
    this.#point = { watch: this, sequence: this.#sequence };
    if (notice.hierarchy === true) this.#hierarchy = this.#sequence;
    if (notice.folderId !== undefined) this.#announced.set(notice.folderId, this.#sequence);
    else this.#everything = this.#sequence;
    this.#tell(notice);
  }

  poll(): void {
    this.looks.sweep();
    this.#tell('poll');
  }

  /** Tells the device, and the groupware what it waits for. */
  add(listener: WatchListener): void {
    this.#listeners.add(listener);
    this.#attend();
  }

  delete(listener: WatchListener): void {
    if (this.#listeners.delete(listener)) this.#attend();
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#watch[Symbol.dispose]();
  }

  #attend(): void {
    const folders = new Map<string, FolderRef>();
    let hierarchy = false;
    for (const { interest } of this.#listeners) {
      for (const folder of interest.folders) folders.set(folder.id, folder);
      hierarchy ||= interest.hierarchy;
    }
    this.#watch.attend?.({ folders: [...folders.values()], hierarchy });
  }

  #tell(notice: ChangeNotice | 'poll'): void {
    for (const listener of [...this.#listeners]) listener.hear(notice);
  }
}
