import type { CollectionId, Instant, SyncSession } from '@oxtender/bundle-api';

/** Conversations of a device that are remembered. */
const remembered = 100;

const field = 'eas.conversations';

/** Where mails of a conversation go that come later. */
export interface ConversationRule {
  /** ConversationId, base64. */
  readonly conversation: string;
  readonly target: CollectionId;
  /** Mails that came before are where they are. */
  readonly since: Instant;
}

/** Conversations that a device wants elsewhere for good. Kept with its session. [MS-ASCMD] "MoveAlways". */
export class ConversationRules {
  constructor(private readonly session: Pick<SyncSession, 'fields'>) {}

  all(): readonly ConversationRule[] {
    return JSON.parse(this.session.fields.get(field) ?? '[]') as ConversationRule[];
  }

  async put(rule: ConversationRule): Promise<void> {
    const others = this.all().filter(({ conversation }) => conversation !== rule.conversation);
    await this.session.fields.set({ [field]: JSON.stringify([...others, rule].slice(-remembered)) });
  }
}
