import type { ChangeNotice, GroupwareUser, Invitations, MailStore } from '@oxtender/bundle-api';
import type { Watchers } from './watchers';

/** Tells who waits of what one user's sessions write, so that nobody has to ask OX for it. */
export class Announcer {
  constructor(
    private readonly watchers: Watchers,
    private readonly user: GroupwareUser,
  ) {}

  /** Also what failed is told: its answer may be all that was lost. */
  async written<T>(work: Promise<T>, ...folderIds: string[]): Promise<T> {
    try {
      return await work;
    } finally {
      for (const folderId of folderIds) this.#tell({ folderId });
    }
  }

  async hierarchyWritten<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.#tell({ hierarchy: true });
    }
  }

  mail(store: MailStore): MailStore {
    return {
      readSource: (folder, id, options) => store.readSource(folder, id, options),
      search: (query, options) => store.search(query, options),
      createFromSource: (folder, source, options) =>
        this.written(store.createFromSource(folder, source, options), folder.id),
      send: async (source, options) => {
        const copy = await store.send(source, options);
        if (copy) this.#tell({ folderId: copy.folderId });
        return copy;
      },
    };
  }

  invitations(invitations: Invitations): Invitations {
    return {
      findByUid: (uid, options) => invitations.findByUid(uid, options),
      respond: (folder, id, answer, options) =>
        this.written(invitations.respond(folder, id, answer, options), folder.id),
      apply: async (calendar, options) => {
        const applied = await invitations.apply(calendar, options);
        if (applied) this.#tell({ folderId: applied.folder.id });
        return applied;
      },
    };
  }

  #tell(notice: ChangeNotice): void {
    this.watchers.announce(this.user, notice);
  }
}
