import type { ChangeNotice, ChangeWatch, FolderRef, GroupwareSession, WatchInterest } from '@oxtender/bundle-api';
import type { WatchPoint } from './watch-point';

/** Hears what a watch announces; `poll`: it is time to look into folders that the watch does not cover. */
export type NoticeListener = (notice: ChangeNotice | 'poll') => void;

/** What a user's folders announce, and when: one watch for all devices of the user. */
export class UserWatch implements Disposable {
  readonly #watch: ChangeWatch;
  readonly #listeners = new Set<NoticeListener>();
  readonly #interests = new Set<WatchInterest>();
  /** When a folder was announced last, in notices since the beginning. */
  readonly #announced = new Map<string, number>();
  #everything = 0;
  #hierarchy = 0;
  #sequence = 0;

  constructor(groupware: GroupwareSession) {
    this.#watch = groupware.watch((notice) => this.announce(notice));
    this.#attend();
  }

  /** To be taken before the groupware is asked. */
  get point(): WatchPoint {
    return { watch: this, sequence: this.#sequence };
  }

  /** True when the folder's items have not changed since the groupware was asked at `point`. */
  isQuietSince(point: WatchPoint | undefined, folder: FolderRef): boolean {
    if (point?.watch !== this || this.#everything > point.sequence) return false;
    return (this.#announced.get(folder.id) ?? 0) <= point.sequence && this.#watch.covers(folder);
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
    if (notice.hierarchy === true) this.#hierarchy = this.#sequence;
    if (notice.folderId !== undefined) this.#announced.set(notice.folderId, this.#sequence);
    else this.#everything = this.#sequence;
    this.#tell(notice);
  }

  poll(): void {
    this.#tell('poll');
  }

  listen(listener: NoticeListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Says what a device waits for, until disposed. */
  attend(interest: WatchInterest): Disposable {
    this.#interests.add(interest);
    this.#attend();
    return {
      [Symbol.dispose]: () => {
        if (this.#interests.delete(interest)) this.#attend();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#interests.clear();
    this.#listeners.clear();
    this.#watch[Symbol.dispose]();
  }

  #attend(): void {
    const interests = [...this.#interests];
    const folders = new Map(interests.flatMap((one) => one.folders).map((folder) => [folder.id, folder]));
    this.#watch.attend?.({
      folders: [...folders.values()],
      hierarchy: interests.some(({ hierarchy }) => hierarchy),
    });
  }

  #tell(notice: ChangeNotice | 'poll'): void {
    for (const listener of [...this.#listeners]) listener(notice);
  }
}
