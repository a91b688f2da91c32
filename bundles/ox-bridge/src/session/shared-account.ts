import type { FolderRole } from '@oxtender/bundle-api';
import type { PeopleCache } from '../modules/people-directory';
import type { OxAccount } from './ox-account';
import type { UserProfile } from './user-profile';

/** How long names and addresses of other people are believed, milliseconds. */
const peopleLifetime = 600_000;

/** A user's session with what belongs to it, and how many use it. */
export class SharedAccount implements Disposable {
  /** Default folders by id, once they were asked for. */
  defaultFolders: Promise<ReadonlyMap<string, FolderRole>> | undefined;
  readonly #disposables = new Set<Disposable>();
  #people: PeopleCache = emptyCache();
  #peopleSince: number;
  #holders = 0;
  #lastHeld: number;
  #onRelease: (() => void) | undefined;

  constructor(
    readonly account: OxAccount,
    readonly profile: UserProfile,
    private readonly now: () => number,
  ) {
    this.#peopleSince = this.#lastHeld = now();
  }

  get people(): PeopleCache {
    if (this.now() - this.#peopleSince > peopleLifetime) {
      this.#people = emptyCache();
      this.#peopleSince = this.now();
    }
    return this.#people;
  }

  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    this.#lastHeld = this.now();
    if (this.#holders === 0) this.#onRelease?.();
  }

  isIdleSince(time: number): boolean {
    return this.#holders === 0 && this.#lastHeld <= time;
  }

  /** Calls back when the last holder has gone; at once when there is none. */
  retire(callback: () => void): void {
    if (this.#holders === 0) callback();
    else this.#onRelease = callback;
  }

  /** Ties something to the life of the account. */
  own<T extends Disposable>(disposable: T): T {
    this.#disposables.add(disposable);
    return disposable;
  }

  [Symbol.dispose](): void {
    for (const one of this.#disposables) one[Symbol.dispose]();
    this.#disposables.clear();
  }
}

function emptyCache(): PeopleCache {
  return { byId: new Map(), byAddress: new Map() };
}
