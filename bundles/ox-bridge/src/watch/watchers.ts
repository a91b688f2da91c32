import type { ChangeNotice, GroupwareUser } from '@oxtender/bundle-api';
import type { SharedAccount } from '../session/shared-account';
import type { Watcher } from './watcher';

interface Entry {
  readonly user: GroupwareUser;
  readonly watcher: Watcher;
}

/** The watchers of all users, who tell each other what is written through this bridge. */
export class Watchers {
  readonly #byAccount = new WeakMap<SharedAccount, Watcher>();
  readonly #entries = new Set<Entry>();

  constructor(private readonly make: (shared: SharedAccount) => Watcher) {}

  /** The account's watcher; lives as long as the account. */
  of(shared: SharedAccount): Watcher {
    let watcher = this.#byAccount.get(shared);
    if (!watcher) {
      watcher = shared.own(this.make(shared));
      this.#byAccount.set(shared, watcher);
      const entry = { user: shared.profile.user, watcher };
      this.#entries.add(entry);
      shared.own({ [Symbol.dispose]: () => void this.#entries.delete(entry) });
    }
    return watcher;
  }

  /** Tells the sessions of the writer, and whoever else of the tenant waits for the same folder: folders are shared. */
  announce({ contextId, userId }: GroupwareUser, notice: ChangeNotice): void {
    const { folderId } = notice;
    // Mail folders have the same ids with every user.
    const isOwn = folderId === undefined || folderId.startsWith('default');
    for (const { user, watcher } of this.#entries) {
      if (user.contextId !== contextId || !watcher.isListening) continue;
      if (user.userId === userId || (!isOwn && watcher.attends(folderId))) watcher.announce(notice);
    }
  }
}
