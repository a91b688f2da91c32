import type { ServerId, SyncSession } from '@oxtender/bundle-api';

const remembered = 30;

const field = 'eas.drafts';

/** A draft that is written anew to be sent, and so gets another id in the groupware. */
export interface RewrittenDraft {
  readonly serverId: ServerId;
  /** Of the new one. */
  readonly messageId: string;
  /** Of the new one in the groupware; absent while nobody knows whether it was written. */
  readonly itemId?: string;
}

/** Drafts written anew: a repeat finds them by what was noted, before and after. Kept with the device's session. */
export class RewrittenDrafts {
  constructor(private readonly session: SyncSession) {}

  find(serverId: ServerId): RewrittenDraft | undefined {
    return this.#all().find((known) => known.serverId === serverId);
  }

  async note(draft: RewrittenDraft): Promise<void> {
    const others = this.#all().filter(({ serverId }) => serverId !== draft.serverId);
    await this.session.fields.set({ [field]: JSON.stringify([...others, draft].slice(-remembered)) });
  }

  #all(): RewrittenDraft[] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as RewrittenDraft[];
  }
}
