import type { ServerId, SyncSession } from '@oxtender/bundle-api';

const remembered = 30;

const field = 'eas.drafts';

/** Drafts that were written anew to be sent, and so have another id in the groupware: a repeat finds them by it. */
export class RewrittenDrafts {
  constructor(private readonly session: SyncSession) {}

  /** Id of the item in the groupware. */
  find(serverId: ServerId): string | undefined {
    return this.#all().find(([known]) => known === serverId)?.[1];
  }

  async note(serverId: ServerId, itemId: string): Promise<void> {
    const others = this.#all().filter(([known]) => known !== serverId);
    await this.session.fields.set({ [field]: JSON.stringify([...others, [serverId, itemId]].slice(-remembered)) });
  }

  #all(): [ServerId, string][] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as [ServerId, string][];
  }
}
